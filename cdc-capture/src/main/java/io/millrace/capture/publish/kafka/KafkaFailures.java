package io.millrace.capture.publish.kafka;

import io.millrace.capture.publish.StreamRefusedException;
import io.millrace.capture.publish.StreamUnavailableException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Tells Kafka's failures that may pass from those that will not. */
final class KafkaFailures {

    private KafkaFailures() {}

    static RuntimeException of(String act, @Nullable Throwable cause) {
        String message = "Cannot " + act + ": " + reason(cause);
        return cause instanceof RetriableException
                ? new StreamUnavailableException(message, cause)
                : new StreamRefusedException(message, cause);
    }

    /** Kafka wraps why a client cannot be made. */
    private static String reason(@Nullable Throwable failure) {
        Throwable teller =
                failure instanceof KafkaException && failure.getCause() != null ? failure.getCause() : failure;
        return teller == null ? "no reason given" : String.valueOf(teller.getMessage());
    }
}

package io.millrace.capture.publish.kafka;

import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.PublishMeter;
import io.millrace.capture.publish.Publisher;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.capture.publish.StreamRefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records on a topic. The partition follows from the partition key's hash, as for any keyed record of Kafka's.
 *
 * <p>The producer itself packs, tries again and keeps the order: it is idempotent, so a batch that is sent twice is stored
 * once and none overtakes another of its partition. It never gives a batch up for want of an answer. What it does give up,
 * the topic refuses for good: the producer is then closed at once, so that it sends nothing that is behind the refused
 * record.
 */
final class KafkaPublisher implements Publisher {
    private static final long PATIENCE_MILLIS = 5_000;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(KafkaPublisher.class);

    private final Supplier<Producer<byte[], byte[]>> connect;
    private final String topic;
    private final int recordLimit;
    private final Backoff backoff;
    private final PublishMeter meter;
    /** Why the producer was closed before its time. */
    private final AtomicReference<@Nullable Throwable> refusal = new AtomicReference<>();

    private @Nullable Producer<byte[], byte[]> producer;

    /** A publisher that makes its producer with the first records. */
    KafkaPublisher(
            Supplier<Producer<byte[], byte[]>> connect,
            String topic,
            int recordLimit,
            Backoff backoff,
            PublishMeter meter) {
        this.connect = connect;
        this.topic = topic;
        this.recordLimit = recordLimit;
        this.backoff = backoff;
        this.meter = meter;
    }

    @Override
    public int recordLimit() {
        return recordLimit;
    }

    @Override
    public void publish(Collection<StreamRecord> records) throws InterruptedException {
        if (records.isEmpty()) {
            return;
        }
        Producer<byte[], byte[]> connected = connected();
        List<Future<?>> answers = new ArrayList<>(records.size());
        for (StreamRecord record : records) {
            answers.add(send(connected, record));
        }
        for (Future<?> answer : answers) {
            await(answer);
        }
        meter.published(
                records.size(),
                records.stream().mapToInt(record -> record.data().length).sum());
    }

    private Producer<byte[], byte[]> connected() {
        Producer<byte[], byte[]> connected = producer;
        if (connected == null) {
            try {
                connected = connect.get();
            } catch (KafkaException e) {
                throw KafkaFailures.of("connect to Kafka for topic " + topic, e);
            }
            producer = connected;
        }
        return connected;
    }

    /** Hands a record to the producer; waits while its memory is full or the topic's leaders are not known. */
    private Future<?> send(Producer<byte[], byte[]> connected, StreamRecord record) throws InterruptedException {
        ProducerRecord<byte[], byte[]> message =
                new ProducerRecord<>(topic, record.partitionKey().getBytes(StandardCharsets.UTF_8), record.data());
        for (int failures = 1; ; failures++) {
            Future<?> answer = handOver(connected, message);
            Throwable failure = answer.isDone() ? failure(answer) : null;
            if (!(failure instanceof RetriableException)) {
                return answer;
            }
            // Not taken: the producer never gives up what it has taken for a reason that may pass.
            meter.retried();
            LOG.warn("Cannot put records on topic {}: {}; trying again", topic, failure.getMessage());
            TimeUnit.NANOSECONDS.sleep(backoff.after(failures).toNanos());
        }
    }

    private Future<?> handOver(Producer<byte[], byte[]> connected, ProducerRecord<byte[], byte[]> message)
            throws InterruptedException {
        try {
            return connected.send(message, (stored, failure) -> {
                if (failure != null && !(failure instanceof RetriableException)) {
                    refusal.compareAndSet(null, failure);
                    connected.close(Duration.ZERO);
                }
            });
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException | IllegalStateException e) {
            throw refused(e);
        }
    }

    private static @Nullable Throwable failure(Future<?> answer) throws InterruptedException {
        try {
            answer.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private void await(Future<?> answer) throws InterruptedException {
        while (true) {
            try {
                answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                meter.retried();
                LOG.warn("Topic {} has not acknowledged records for {} ms; waiting", topic, PATIENCE_MILLIS);
            } catch (ExecutionException e) {
                throw refused(e.getCause());
            }
        }
    }

    private StreamRefusedException refused(@Nullable Throwable failure) {
        Throwable first = refusal.get();
        Throwable cause = first == null ? failure : first;
        return new StreamRefusedException(
                "Cannot put records on topic " + topic + ": "
                        + (cause == null ? "no reason given" : cause.getMessage()),
                cause);
    }

    private static InterruptedException interrupted(InterruptException cause) {
        InterruptedException interrupted = new InterruptedException(cause.getMessage());
        interrupted.initCause(cause);
        return interrupted;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(CLOSE_PATIENCE);
        }
    }
}

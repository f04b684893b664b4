package io.millrace.capture;

import io.millrace.capture.mariadb.UnreadableTableException;
import io.millrace.capture.publish.StreamRefusedException;
import io.millrace.schemas.registry.IncompatibleSchemaException;
import org.jspecify.annotations.Nullable;

/** Finds the words for the operator in an engine's failure. */
final class Failures {

    private Failures() {}

    /** One line: our own message if one of the causes is ours, else the innermost cause's. */
    static String explain(Throwable failure) {
        Throwable innermost = failure;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IncompatibleSchemaException
                    || cause instanceof StreamRefusedException
                    || cause instanceof UnreadableTableException) {
                return String.valueOf(cause.getMessage());
            }
            innermost = cause;
        }
        return "Cannot go on capturing: "
                + String.valueOf(innermost.getMessage()).lines().findFirst().orElse("");
    }
}

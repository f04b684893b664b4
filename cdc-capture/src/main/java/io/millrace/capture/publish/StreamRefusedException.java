package io.millrace.capture.publish;

import org.jspecify.annotations.Nullable;

/** The stream refused a request for a reason that does not pass by itself: a missing right, a deleted stream. */
public final class StreamRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StreamRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

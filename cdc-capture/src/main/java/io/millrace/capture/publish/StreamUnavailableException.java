package io.millrace.capture.publish;

import org.jspecify.annotations.Nullable;

/** The stream did not take a request, and the same request may succeed later. */
public final class StreamUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StreamUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

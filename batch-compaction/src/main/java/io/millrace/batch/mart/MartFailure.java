package io.millrace.batch.mart;

import org.jspecify.annotations.Nullable;

/** A day of a mart cannot be computed or published; the message says why and what to do. */
public final class MartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MartFailure(String message) {
        super(message);
    }

    public MartFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package io.millrace.batch.mart;

/** A day of a mart cannot be computed or published; the message says why and what to do. */
public final class MartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MartFailure(String message) {
        super(message);
    }

    public MartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

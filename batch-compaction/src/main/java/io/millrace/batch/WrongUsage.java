package io.millrace.batch;

/** The job was asked for something that it cannot do; the message says what, and what to do. */
public final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WrongUsage(String message) {
        super(message);
    }

    public WrongUsage(String message, Throwable cause) {
        super(message, cause);
    }
}

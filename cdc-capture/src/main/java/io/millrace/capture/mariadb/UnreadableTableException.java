package io.millrace.capture.mariadb;

/** A table was changed in a way that cannot be followed. The message says what to do. */
public final class UnreadableTableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableTableException(String message) {
        super(message);
    }
}

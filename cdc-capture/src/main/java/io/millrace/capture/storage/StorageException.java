package io.millrace.capture.storage;

/** Object storage did not do what it was asked to; the same call may succeed later. */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}

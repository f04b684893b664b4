package io.millrace.schemas.registry;

/** Bytes are not framed as they should be. The message names no contents. */
public final class MalformedFrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedFrameException(String message) {
        // No stack trace: a stream of broken records must cost no more than a stream of sound ones.
        super(message, null, false, false);
    }
}

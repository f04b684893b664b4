package io.millrace.stream.decode;

import org.jspecify.annotations.Nullable;

/** The claim store did not answer: the same call may succeed later. Trying again is the caller's part. */
public final class ClaimStoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClaimStoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

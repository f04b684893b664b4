package io.millrace.schemas.registry;

import org.jspecify.annotations.Nullable;

/** The registry did not answer, or not to the point: the same call may succeed later. Trying again is the caller's part. */
public final class RegistryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RegistryUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

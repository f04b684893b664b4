package io.millrace.schemas.registry;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The registry answered, and has no schema with this id. */
public final class UnknownSchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UUID id;

    public UnknownSchemaException(UUID id, @Nullable Throwable cause) {
        super(
                "Cannot find schema: " + id + ". Check that the registry is the one that the stream's writer uses",
                cause);
        this.id = id;
    }

    /** The id that nobody registered. */
    public UUID id() {
        return id;
    }
}

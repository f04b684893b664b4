package io.millrace.schemas.registry;

import java.util.UUID;

/** The registry has a schema with this id, and it is not an Avro schema. */
public final class UnusableSchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnusableSchemaException(UUID id, Throwable cause) {
        super("Cannot use schema: " + id + " is not in Avro format. Check what the stream's writer registers", cause);
    }
}

package io.millrace.schemas.registry;

import org.jspecify.annotations.Nullable;

/** The registry refused a schema because it is not compatible with the versions before it. */
public final class IncompatibleSchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String schemaName;

    public IncompatibleSchemaException(String schemaName, @Nullable Throwable cause) {
        super(
                "Cannot register schema: " + schemaName
                        + ". It is not compatible with the versions registered before it;"
                        + " undo the change in the source, or relax the schema's compatibility in the registry",
                cause);
        this.schemaName = schemaName;
    }

    /** The name under which the schema was to be registered. */
    public String schemaName() {
        return schemaName;
    }
}

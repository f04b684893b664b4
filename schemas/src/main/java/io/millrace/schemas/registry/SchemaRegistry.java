package io.millrace.schemas.registry;

import java.util.UUID;
import org.apache.avro.Schema;

/**
 * Gives schemas an id and finds them by it. An id stands for one schema for ever, so answers are kept.
 *
 * <p>Safe for use by several threads.
 */
public interface SchemaRegistry {

    /**
     * The id of a schema under a name; registers the schema as the name's newest version if it is not among its versions.
     *
     * @param schemaName the name whose versions must be compatible with each other
     * @throws IncompatibleSchemaException if the name's versions do not allow this one; the same call will not succeed later
     * @throws RegistryUnavailableException if the registry did not answer; the same call may succeed later
     */
    UUID register(String schemaName, Schema schema);

    /**
     * The schema that was registered with an id.
     *
     * @throws UnknownSchemaException if the registry has no such schema
     * @throws UnusableSchemaException if it has one in another format than Avro
     * @throws RegistryUnavailableException if the registry did not answer; the same call may succeed later
     */
    Schema schema(UUID id);
}

package io.millrace.schemas.decode;

import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.registry.UnknownSchemaException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;

/** A registry in memory. */
final class FakeRegistry implements SchemaRegistry {
    private final Map<UUID, Schema> schemas = new HashMap<>();

    /** How often a schema was asked for. */
    int lookups;

    boolean has(UUID id) {
        return schemas.containsKey(id);
    }

    void put(UUID id, Schema schema) {
        schemas.put(id, schema);
    }

    @Override
    public UUID register(String schemaName, Schema schema) {
        UUID id = UUID.nameUUIDFromBytes(schema.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        schemas.put(id, schema);
        return id;
    }

    @Override
    public Schema schema(UUID id) {
        lookups++;
        Schema schema = schemas.get(id);
        if (schema == null) {
            throw new UnknownSchemaException(id, null);
        }
        return schema;
    }
}

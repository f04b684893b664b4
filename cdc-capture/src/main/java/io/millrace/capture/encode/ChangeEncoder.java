package io.millrace.capture.encode;

import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.SchemaRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Turns Debezium envelopes into framed Avro. A table's schema is translated and registered when it is first seen and
 * whenever it changes.
 *
 * <p>Not safe for use by several threads.
 */
public final class ChangeEncoder {
    private final SchemaRegistry registry;
    private final AvroWriter writer = new AvroWriter();
    private final Map<String, Registered> latest = new HashMap<>();

    private record Registered(Schema schema, UUID id) {}

    public ChangeEncoder(SchemaRegistry registry) {
        this.registry = registry;
    }

    /**
     * Encodes an envelope.
     *
     * @param schemaName the name in the registry whose versions the table's schemas are
     * @throws io.millrace.schemas.registry.RegistryUnavailableException if a new schema cannot be registered now
     * @throws io.millrace.schemas.registry.IncompatibleSchemaException if a new schema cannot be registered at all
     */
    public byte[] encode(String schemaName, Struct envelope) {
        UUID id = idOf(schemaName, envelope.schema());
        return GlueFrame.write(id, writer.write(envelope.schema(), envelope), GlueFrame.Compression.NONE);
    }

    private UUID idOf(String schemaName, Schema schema) {
        Registered known = latest.get(schemaName);
        // Debezium makes equal schemas anew at times; comparing the objects first keeps the usual case cheap.
        if (known != null && (known.schema == schema || known.schema.equals(schema))) {
            return known.id;
        }
        UUID id = registry.register(schemaName, AvroSchemas.of(schema));
        latest.put(schemaName, new Registered(schema, id));
        return id;
    }
}

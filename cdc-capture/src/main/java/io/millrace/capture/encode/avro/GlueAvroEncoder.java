package io.millrace.capture.encode.avro;

import io.millrace.capture.encode.ChangeEncoder;
import io.millrace.capture.encode.PartitionKeys;
import io.millrace.capture.encode.SourceChange;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.IncompatibleSchemaException;
import io.millrace.schemas.registry.SchemaRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns Debezium envelopes into framed Avro. A table's schema is translated and registered when it is first seen and
 * whenever it changes.
 *
 * <p>Not safe for use by several threads.
 */
public final class GlueAvroEncoder implements ChangeEncoder {
    /** A registry that refuses every generation refuses for another reason than compatibility. */
    private static final int MOST_GENERATIONS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(GlueAvroEncoder.class);

    private final SchemaRegistry registry;
    private final AvroWriter writer = new AvroWriter();
    private final Map<String, Registered> latest = new HashMap<>();

    private record Registered(Schema schema, @Nullable Schema keySchema, List<String> key, UUID id) {}

    public GlueAvroEncoder(SchemaRegistry registry) {
        this.registry = registry;
    }

    /**
     * {@inheritDoc}
     *
     * @throws io.millrace.schemas.registry.RegistryUnavailableException if a new schema cannot be registered now
     * @throws io.millrace.schemas.registry.IncompatibleSchemaException if a new schema cannot be registered at all
     */
    @Override
    public List<StreamRecord> encode(SourceChange change) {
        Struct envelope = change.envelope();
        Struct key = change.key();
        String name = change.table().toString();
        UUID id = idOf(name, key == null ? null : key.schema(), envelope.schema());
        byte[] framed = GlueFrame.write(id, writer.write(envelope.schema(), envelope), GlueFrame.Compression.NONE);
        return List.of(new StreamRecord(PartitionKeys.of(name, key), framed));
    }

    private UUID idOf(String schemaName, @Nullable Schema key, Schema schema) {
        Registered known = latest.get(schemaName);
        // Debezium makes equal schemas anew at times; comparing the objects first keeps the usual case cheap.
        if (known != null && known.keySchema == key && (known.schema == schema || known.schema.equals(schema))) {
            return known.id;
        }
        List<String> columns =
                key == null ? List.of() : key.fields().stream().map(Field::name).toList();
        UUID id = known != null && known.key.equals(columns) && known.schema.equals(schema)
                ? known.id
                : register(schemaName, AvroSchemas.of(schema, columns));
        latest.put(schemaName, new Registered(schema, key, columns, id));
        return id;
    }

    /**
     * Registers under the table's name, and where its versions do not allow such a change, such as of a text to a number, under
     * the name of its next generation: the capture carries what the source says, and whether a target can take it is for
     * its consumers to tell, who find a schema by its id alone.
     */
    private UUID register(String schemaName, org.apache.avro.Schema schema) {
        IncompatibleSchemaException refusal = null;
        for (int generation = 1; generation <= MOST_GENERATIONS; generation++) {
            String name = generation == 1 ? schemaName : schemaName + "-" + generation;
            try {
                UUID id = registry.register(name, schema);
                if (refusal != null) {
                    LOG.warn(
                            "The new schema of {} is not compatible with its earlier ones: it is registered as {}",
                            schemaName,
                            name);
                }
                return id;
            } catch (IncompatibleSchemaException e) {
                refusal = refusal == null ? e : refusal;
            }
        }
        throw Objects.requireNonNull(refusal);
    }
}

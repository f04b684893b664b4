package io.millrace.schemas.decode;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.MalformedFrameException;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.registry.UnknownSchemaException;
import io.millrace.schemas.registry.UnusableSchemaException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Decodes Debezium's envelope in Avro, in the frame of the Glue Schema Registry.
 *
 * <p>A record's schema is compiled into a reading plan once; a record is then read straight into a row, without Avro's
 * generic records between.
 */
public final class DebeziumAvroDecoder implements RecordDecoder {
    private final TableRoutes routes;
    private final SchemaRegistry registry;
    private final Map<UUID, Plan> plans = new HashMap<>();
    private final AvroBytes bytes = new AvroBytes();

    /** What the records of one schema are. */
    private sealed interface Plan {
        record Envelopes(EnvelopePlan envelope, Map<TableId, KeyPlan> keys) implements Plan {}

        record Controls(Decoding.Control control) implements Plan {}

        record Unreadable(Decoding.Rejected rejected) implements Plan {}
    }

    /**
     * A decoder for the tables of a source, or of several that share nothing but their schemas' registry.
     *
     * @param routes the tables that flow, with their keys; every other table is {@link Decoding.Control}
     */
    public DebeziumAvroDecoder(List<TableRoute> routes, SchemaRegistry registry) {
        this.routes = new TableRoutes(routes);
        this.registry = registry;
    }

    @Override
    public Decoding decode(RawRecord record) {
        try {
            GlueFrame frame = GlueFrame.parse(record.data());
            Plan plan = plan(frame.schemaId());
            if (plan instanceof Plan.Envelopes envelopes) {
                bytes.open(frame.body());
                envelopes.envelope().read(bytes);
                return changes(record, envelopes);
            }
            return plan instanceof Plan.Controls controls ? controls.control() : ((Plan.Unreadable) plan).rejected();
        } catch (MalformedFrameException e) {
            return rejected(DeadLetterCode.MALFORMED, String.valueOf(e.getMessage()));
        } catch (AvroBytes.Broken e) {
            return rejected(
                    DeadLetterCode.MALFORMED, "Cannot read record: it is not what its schema says, " + e.getMessage());
        } catch (UnknownSchemaException e) {
            // Not kept among the plans: a schema can still become known.
            return rejected(DeadLetterCode.UNKNOWN_SCHEMA, String.valueOf(e.getMessage()));
        }
    }

    private Plan plan(UUID schemaId) {
        Plan known = plans.get(schemaId);
        if (known != null) {
            return known;
        }
        Plan plan = compile(schemaId);
        plans.put(schemaId, plan);
        return plan;
    }

    private Plan compile(UUID schemaId) {
        try {
            Schema schema = registry.schema(schemaId);
            if (EnvelopePlan.isEnvelope(schema)) {
                return new Plan.Envelopes(EnvelopePlan.of(schema), new HashMap<>());
            }
            String control = schema.getType() == Schema.Type.RECORD ? control(schema.getName()) : null;
            return control == null
                    ? unreadable("Cannot use schema: " + schemaId + " is no change event")
                    : new Plan.Controls(new Decoding.Control(control));
        } catch (UnusableSchemaException e) {
            return unreadable(String.valueOf(e.getMessage()));
        } catch (AvroShapes.Unsupported e) {
            return unreadable("Cannot use schema: " + schemaId + ", as " + e.getMessage());
        }
    }

    private static Plan unreadable(String reason) {
        return new Plan.Unreadable(rejected(DeadLetterCode.UNSUPPORTED_SCHEMA, reason));
    }

    /** The kind of records that Debezium writes beside envelopes. */
    static @Nullable String control(String schemaName) {
        return switch (schemaName) {
            case "TransactionMetadataValue" -> "transaction metadata";
            case "Heartbeat" -> "heartbeat";
            case "MessageValue" -> "logical message";
            case "SchemaChangeValue", "Change" -> "schema change";
            default -> null;
        };
    }

    private Decoding changes(RawRecord record, Plan.Envelopes plan) {
        EnvelopePlan envelope = plan.envelope();
        SourceBlock source = envelope.source();
        String op = envelope.operation();
        if (op.equals("m")) {
            return new Decoding.Control("logical message");
        }
        TableId table = new TableId(record.source(), source.namespace(), source.table());
        TableRoute route = routes.find(table);
        if (route == null) {
            return new Decoding.Control("unrouted table");
        }
        KeyPlan keys = plan.keys()
                .computeIfAbsent(table, of -> new KeyPlan(route, envelope.rows().schema()));
        Long micros = source.micros();
        return new EnvelopeChanges(
                        table,
                        source.position(op.equals("r")),
                        micros == null ? record.arrivalMillis() * 1000 : micros,
                        route.onTruncate())
                .of(op, image(keys, envelope.before()), image(keys, envelope.after()));
    }

    private static EnvelopeChanges.@Nullable Image image(KeyPlan keys, @Nullable Object @Nullable [] values) {
        return values == null ? null : new EnvelopeChanges.Image(keys, values);
    }

    private static Decoding.Rejected rejected(DeadLetterCode code, String reason) {
        return new Decoding.Rejected(code, reason, null, null);
    }
}

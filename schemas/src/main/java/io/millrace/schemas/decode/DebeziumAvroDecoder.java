package io.millrace.schemas.decode;

import io.millrace.schemas.decode.ColumnReader.Invalid;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.pipeline.TableRoute;
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
 * generic records between. An update that changes a key column, which the source tells only under
 * {@code REPLICA IDENTITY FULL}, becomes a delete of the old key and an insert of the new one, in this order.
 */
public final class DebeziumAvroDecoder implements RecordDecoder {
    private final Map<TableId, TableRoute> routes = new HashMap<>();
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
        routes.forEach(route -> this.routes.put(route.table(), route));
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
            String control = control(schema);
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
    private static @Nullable String control(Schema schema) {
        String name = schema.getType() == Schema.Type.RECORD ? schema.getName() : "";
        return switch (name) {
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
        TableRoute route = routes.get(table);
        if (route == null) {
            return new Decoding.Control("unrouted table");
        }
        KeyPlan keys = plan.keys()
                .computeIfAbsent(table, of -> new KeyPlan(route, envelope.rows().schema()));
        return switch (op) {
            case "r" -> upsert(record, envelope, keys, Operation.SNAPSHOT);
            case "c" -> upsert(record, envelope, keys, Operation.INSERT);
            case "u" -> upsert(record, envelope, keys, Operation.UPDATE);
            case "d" -> delete(record, envelope, keys);
            case "t" ->
                rejected(
                        DeadLetterCode.UNSUPPORTED_OPERATION,
                        "Cannot apply change: the table was truncated. Delete its rows, or empty the targets by hand",
                        table,
                        null);
            default ->
                rejected(
                        DeadLetterCode.UNSUPPORTED_OPERATION,
                        "Cannot apply change: its operation is unknown",
                        table,
                        null);
        };
    }

    private static Decoding upsert(RawRecord record, EnvelopePlan envelope, KeyPlan keys, Operation operation) {
        TableId table = keys.route().table();
        @Nullable Object[] after = envelope.after();
        if (after == null) {
            return rejected(DeadLetterCode.MALFORMED, "Cannot apply change: it has no row", table, null);
        }
        KeyPlan.Outcome outcome = keys.key(after);
        if (outcome instanceof KeyPlan.Outcome.None none) {
            return rejected(none.code(), "Cannot tell the row's key: " + none.reason(), table, null);
        }
        RowKey key = ((KeyPlan.Outcome.Found) outcome).key();
        int invalid = RowPlan.invalidColumn(after);
        if (invalid >= 0) {
            String column = envelope.rows().schema().columns().get(invalid).name();
            return rejected(
                    DeadLetterCode.INVALID_VALUE,
                    "Cannot read value: that of column " + column + " is none of its type",
                    table,
                    key);
        }
        SourcePosition position = envelope.source().position(operation == Operation.SNAPSHOT);
        long time = time(record, envelope);
        Row row = envelope.rows().row(after);
        Row before = before(envelope);
        RowKey oldKey = oldKey(envelope, keys);
        if (oldKey == null || oldKey.equals(key)) {
            return new Decoding.Changes(List.of(new ChangeEvent(table, key, operation, before, row, position, time)));
        }
        return new Decoding.Changes(List.of(
                new ChangeEvent(table, oldKey, Operation.DELETE, before, null, position, time),
                new ChangeEvent(table, key, Operation.INSERT, null, row, position, time)));
    }

    private static Decoding delete(RawRecord record, EnvelopePlan envelope, KeyPlan keys) {
        TableId table = keys.route().table();
        @Nullable Object[] before = envelope.before();
        if (before == null) {
            return rejected(
                    DeadLetterCode.MISSING_KEY,
                    "Cannot tell the row's key: the source sends no row with a delete; give the table a replica identity",
                    table,
                    null);
        }
        KeyPlan.Outcome outcome = keys.key(before);
        if (outcome instanceof KeyPlan.Outcome.None none) {
            return rejected(none.code(), "Cannot tell the row's key: " + none.reason(), table, null);
        }
        RowKey key = ((KeyPlan.Outcome.Found) outcome).key();
        return new Decoding.Changes(List.of(new ChangeEvent(
                table,
                key,
                Operation.DELETE,
                before(envelope),
                null,
                envelope.source().position(false),
                time(record, envelope))));
    }

    /** The key before an update; null if the source did not send it. */
    private static @Nullable RowKey oldKey(EnvelopePlan envelope, KeyPlan keys) {
        @Nullable Object[] before = envelope.before();
        return before != null && keys.key(before) instanceof KeyPlan.Outcome.Found found ? found.key() : null;
    }

    /** The row before, which is not applied anywhere: what cannot be read of it counts as not sent. */
    private static @Nullable Row before(EnvelopePlan envelope) {
        @Nullable Object[] before = envelope.before();
        if (before == null) {
            return null;
        }
        for (int i = 0; i < before.length; i++) {
            if (before[i] == Invalid.VALUE) {
                before[i] = Unavailable.INSTANCE;
            }
        }
        return envelope.rows().row(before);
    }

    private static long time(RawRecord record, EnvelopePlan envelope) {
        Long micros = envelope.source().micros();
        return micros == null ? record.arrivalMillis() * 1000 : micros;
    }

    private static Decoding.Rejected rejected(DeadLetterCode code, String reason) {
        return new Decoding.Rejected(code, reason, null, null);
    }

    private static Decoding.Rejected rejected(DeadLetterCode code, String reason, TableId table, @Nullable RowKey key) {
        return new Decoding.Rejected(code, reason, table.toString(), key);
    }
}

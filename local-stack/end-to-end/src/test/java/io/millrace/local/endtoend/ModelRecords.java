package io.millrace.local.endtoend;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.stream.model.Deliveries;
import io.millrace.stream.model.Delivery;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * A history's deliveries as the records of real formats: tables with positions in Debezium's Avro, the one without in DMS's
 * JSON. Each history has tables of its own, and a time of its own behind that of the histories before it.
 */
final class ModelRecords {
    static final String AVRO = "millrace-model";
    static final String DMS = "millrace-model-tail";

    private static final Schema VALUE = SchemaBuilder.record("Value")
            .namespace("shop.public")
            .fields()
            .requiredLong("id")
            .optionalString("text")
            .endRecord();
    private static final Schema SOURCE = SchemaBuilder.record("Source")
            .namespace("shop.public")
            .fields()
            .requiredString("schema")
            .requiredString("table")
            .optionalLong("lsn")
            .optionalString("sequence")
            .optionalString("snapshot")
            .requiredLong("ts_us")
            .endRecord();
    private static final Schema ENVELOPE = SchemaBuilder.record("Envelope")
            .namespace("shop.public")
            .fields()
            .name("before")
            .type(Schema.createUnion(Schema.create(Schema.Type.NULL), VALUE))
            .withDefault(null)
            .name("after")
            .type(Schema.createUnion(Schema.create(Schema.Type.NULL), VALUE))
            .withDefault(null)
            .name("source")
            .type(SOURCE)
            .noDefault()
            .requiredString("op")
            .endRecord();

    private final long seed;
    private final long shiftMillis;
    private final UUID schema;

    /**
     * @param shiftMillis how much later than the history says its changes were committed
     */
    ModelRecords(long seed, long shiftMillis, SchemaRegistry registry) {
        this.seed = seed;
        this.shiftMillis = shiftMillis;
        this.schema = registry.register("model", ENVELOPE);
    }

    /** The table of a change in its database. */
    String table(ChangeEvent change) {
        return change.table().name() + "_" + seed;
    }

    static boolean hasPositions(ChangeEvent change) {
        return !change.table().equals(Deliveries.EVENTS);
    }

    Shards.Placed record(Delivery delivery) {
        ChangeEvent change = delivery.change();
        if (change == null) {
            return new Shards.Placed(
                    DMS,
                    delivery.shard(),
                    (delivery.kind() == Delivery.Kind.CONTROL
                                    ? "{\"metadata\":{\"record-type\":\"control\",\"operation\":\"create-table\"}}"
                                    : "garbage of seed " + seed)
                            .getBytes(StandardCharsets.UTF_8));
        }
        return hasPositions(change)
                ? new Shards.Placed(AVRO, delivery.shard(), avro(change, micros(delivery, change)))
                : new Shards.Placed(DMS, delivery.shard(), dms(change, micros(delivery, change)));
    }

    /** A wrong clock of the history's is wrong by the clock of these servers. */
    private long micros(Delivery delivery, ChangeEvent change) {
        boolean future = change.eventTimeMicros() / 1000
                > delivery.arrivalMillis() + Deliveries.EVENT_TIME.maxAhead().toMillis();
        return future
                ? ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now().plus(1, ChronoUnit.DAYS))
                : change.eventTimeMicros() + shiftMillis * 1000;
    }

    private byte[] avro(ChangeEvent change, long micros) {
        SourcePosition position = change.position();
        boolean snapshot = change.operation() == Operation.SNAPSHOT;
        GenericRecord source = new GenericData.Record(SOURCE);
        source.put("schema", "public");
        source.put("table", table(change));
        source.put("snapshot", snapshot ? "true" : "false");
        source.put("ts_us", micros);
        if (position != null) {
            source.put("lsn", snapshot ? position.transaction() : position.offset());
            source.put(
                    "sequence", snapshot ? null : "[\"" + position.transaction() + "\",\"" + position.offset() + "\"]");
        }
        GenericRecord envelope = new GenericData.Record(ENVELOPE);
        envelope.put("before", change.after() == null ? value(id(change), null) : null);
        envelope.put("after", change.after() == null ? null : value(id(change), text(change)));
        envelope.put("source", source);
        envelope.put(
                "op",
                switch (change.operation()) {
                    case SNAPSHOT -> "r";
                    case INSERT -> "c";
                    case UPDATE -> "u";
                    case DELETE -> "d";
                });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(ENVELOPE).write(envelope, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write to memory", e);
        }
        return GlueFrame.write(schema, bytes.toByteArray(), GlueFrame.Compression.NONE);
    }

    private static GenericRecord value(long id, @Nullable String text) {
        GenericRecord value = new GenericData.Record(VALUE);
        value.put("id", id);
        value.put("text", text);
        return value;
    }

    private byte[] dms(ChangeEvent change, long micros) {
        String operation = switch (change.operation()) {
            case SNAPSHOT -> "load";
            case INSERT -> "insert";
            case UPDATE -> "update";
            case DELETE -> "delete";
        };
        String text = change.after() == null ? "null" : "\"" + text(change) + "\"";
        return ("{\"data\":{\"id\":%d,\"text\":%s},\"metadata\":{\"timestamp\":\"%s\",\"record-type\":\"data\","
                        + "\"operation\":\"%s\",\"schema-name\":\"public\",\"table-name\":\"%s\"}}")
                .formatted(id(change), text, Instant.EPOCH.plus(micros, ChronoUnit.MICROS), operation, table(change))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static long id(ChangeEvent change) {
        return Long.parseLong(change.key().id());
    }

    private static String text(ChangeEvent change) {
        Row after = change.after();
        return after == null ? "" : String.valueOf(after.value(1));
    }
}

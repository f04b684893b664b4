package io.millrace.capture.encode.dms;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.capture.encode.ChangeEncoder;
import io.millrace.capture.encode.PartitionKeys;
import io.millrace.capture.encode.SnapshotOrder.SnapshotLsn;
import io.millrace.capture.encode.SourceChange;
import io.millrace.capture.encode.Unsent;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.schemas.event.TableId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes as AWS DMS does, with transaction details, partition value, control records and nulls.
 *
 * <p>A changed key is a delete and an insert, as Debezium tells it. A change whose row lacks a value even after it was asked
 * for is left out: the row is gone by then, and the change that says so follows. Rows of the first snapshot are loads, which
 * carry no position and stand before everything; those of a repeated one are inserts at the snapshot's position, as they must
 * stand behind what was streamed before.
 *
 * @see <a href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.Kinesis.html">DMS: Kinesis as a target</a>
 */
public final class DmsEncoder implements ChangeEncoder {
    private static final JsonFactory JSON = new JsonFactory();

    private final String task;
    private final String beforeImage;
    private final SnapshotLsn snapshot;
    private final Map<TableId, Schema> described = new HashMap<>();
    private final DmsTransactions transactions = new DmsTransactions();

    /** Writes a part of a record. */
    @FunctionalInterface
    private interface Part {
        void write(JsonGenerator out) throws IOException;
    }

    /**
     * An encoder.
     *
     * @param task what stands for DMS's task in control records
     * @param beforeImage the field with the row before a change
     * @param snapshot the snapshot that the changes follow
     */
    public DmsEncoder(String task, String beforeImage, SnapshotLsn snapshot) {
        this.task = task;
        this.beforeImage = beforeImage;
        this.snapshot = snapshot;
    }

    @Override
    public List<StreamRecord> encode(SourceChange change) {
        Struct envelope = change.envelope();
        Struct before = envelope.getStruct("before");
        Struct after = envelope.getStruct("after");
        String letter = envelope.getString("op");
        if (letter.equals("t")) {
            return List.of(truncation(change));
        }
        List<StreamRecord> records = new ArrayList<>(describe(change));
        switch (letter) {
            case "r" ->
                records.add(data(change, isLoad(change) ? "load" : "insert", null, Objects.requireNonNull(after)));
            case "c", "u" -> {
                Struct row = Objects.requireNonNull(after);
                if (!Unsent.isIn(row)) {
                    records.add(data(change, letter.equals("c") ? "insert" : "update", before, row));
                }
            }
            case "d" -> records.add(data(change, "delete", before, null));
            default -> throw new IllegalArgumentException("Cannot encode operation: " + letter);
        }
        return records;
    }

    private StreamRecord data(SourceChange change, String operation, @Nullable Struct before, @Nullable Struct after) {
        Struct source = change.envelope().getStruct("source");
        boolean load = isLoad(change);
        DmsPosition position = change.envelope().getString("op").equals("r")
                ? DmsPosition.ofSnapshot(source, !load)
                : DmsPosition.streamed(source, snapshot.value());
        byte[] json = write(out -> {
            out.writeFieldName("data");
            if (after == null) {
                writeKey(out, change, Objects.requireNonNull(before));
            } else {
                writeRow(out, after);
            }
            if (before != null && after != null) {
                out.writeFieldName(beforeImage);
                writeSent(out, before);
            }
            out.writeObjectFieldStart("metadata");
            writeTimestamp(out, change);
            out.writeStringField("record-type", "data");
            out.writeStringField("operation", operation);
            out.writeStringField("partition-key-type", "primary-key");
            out.writeStringField("partition-key-value", partitionValue(change));
            writeTable(out, change.table());
            writePosition(out, source, position, load);
            out.writeEndObject();
        });
        return new StreamRecord(PartitionKeys.of(change.table().toString(), change.key()), json);
    }

    /** Whether a snapshot's row stands before everything. One that is read again stands among the row's changes. */
    private boolean isLoad(SourceChange change) {
        Struct source = change.envelope().getStruct("source");
        return change.envelope().getString("op").equals("r")
                && !snapshot.repeated()
                && !"incremental".equals(source.getString("snapshot"));
    }

    private void writePosition(JsonGenerator out, Struct source, DmsPosition position, boolean load)
            throws IOException {
        if (position.transaction() != null) {
            DmsTransactions.Place place = transactions.next(position.transaction());
            out.writeNumberField("transaction-id", place.transaction());
            out.writeNumberField("transaction-record-id", place.record());
            if (place.before() != null) {
                out.writeNumberField("prev-transaction-id", place.before().transaction());
                out.writeNumberField(
                        "prev-transaction-record-id", place.before().record());
            }
        }
        Long committed = source.getInt64("ts_us");
        if (!load && committed != null) {
            out.writeStringField("commit-timestamp", DmsColumns.instant(committed));
        }
        if (position.stream() != null) {
            out.writeStringField("stream-position", position.stream());
        }
    }

    /** Control records for what is new of a table's columns: all of it at first. */
    private List<StreamRecord> describe(SourceChange change) {
        Schema now = change.envelope().schema().field("after").schema();
        Schema known = described.put(change.table(), now);
        if (known == null) {
            return List.of(control(change, "create-table", out -> writeDefinition(out, change, now.fields())));
        }
        if (known == now || known.fields().equals(now.fields())) {
            return List.of();
        }
        List<StreamRecord> records = new ArrayList<>();
        List<Field> dropped = without(known, now);
        if (!dropped.isEmpty()) {
            records.add(control(change, "drop-column", out -> writeDefinition(out, change, dropped)));
        }
        List<Field> added = without(now, known);
        if (!added.isEmpty()) {
            records.add(control(change, "add-column", out -> writeDefinition(out, change, added)));
        }
        List<Field> changed = now.fields().stream()
                .filter(field -> known.field(field.name()) != null
                        && !known.field(field.name()).schema().equals(field.schema()))
                .toList();
        if (!changed.isEmpty()) {
            records.add(control(change, "column-type-change", out -> writeDefinition(out, change, changed)));
        }
        return records;
    }

    private static List<Field> without(Schema all, Schema others) {
        return all.fields().stream()
                .filter(field -> others.field(field.name()) == null)
                .toList();
    }

    private StreamRecord control(SourceChange change, String operation, Part definition) {
        return control(change, operation, definition, out -> {});
    }

    private StreamRecord control(SourceChange change, String operation, Part definition, Part place) {
        byte[] json = write(out -> {
            out.writeObjectFieldStart("control");
            definition.write(out);
            out.writeEndObject();
            out.writeObjectFieldStart("metadata");
            writeTimestamp(out, change);
            out.writeStringField("record-type", "control");
            out.writeStringField("operation", operation);
            out.writeStringField("partition-key-type", "task-id");
            out.writeStringField("partition-key-value", task);
            writeTable(out, change.table());
            place.write(out);
            out.writeEndObject();
        });
        return new StreamRecord(task, json);
    }

    /**
     * A truncation, with the place among the changes of its rows that DMS gives to changes alone: without it nobody could tell
     * which rows it is about, as they are in other shards.
     */
    private StreamRecord truncation(SourceChange change) {
        Struct source = change.envelope().getStruct("source");
        return control(
                change,
                "truncate-table",
                out -> {},
                out -> writePosition(out, source, DmsPosition.streamed(source, snapshot.value()), false));
    }

    private static void writeDefinition(JsonGenerator out, SourceChange change, List<Field> columns)
            throws IOException {
        out.writeObjectFieldStart("table-def");
        out.writeObjectFieldStart("columns");
        for (Field column : columns) {
            out.writeObjectFieldStart(column.name());
            out.writeStringField("type", DmsColumns.typeName(column.schema()));
            out.writeBooleanField("nullable", column.schema().isOptional());
            out.writeEndObject();
        }
        out.writeEndObject();
        if (change.key() != null) {
            out.writeArrayFieldStart("primary-key");
            for (Field field : change.key().schema().fields()) {
                out.writeString(field.name());
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static void writeRow(JsonGenerator out, Struct row) throws IOException {
        out.writeStartObject();
        for (Field field : row.schema().fields()) {
            out.writeFieldName(field.name());
            DmsColumns.write(out, field.schema(), row.getWithoutDefault(field.name()));
        }
        out.writeEndObject();
    }

    /** A deleted row: its key, and null for the rest. */
    private static void writeKey(JsonGenerator out, SourceChange change, Struct row) throws IOException {
        Schema key = change.key() == null ? row.schema() : change.key().schema();
        out.writeStartObject();
        for (Field field : row.schema().fields()) {
            out.writeFieldName(field.name());
            boolean named = key.field(field.name()) != null;
            DmsColumns.write(out, field.schema(), named ? row.getWithoutDefault(field.name()) : null);
        }
        out.writeEndObject();
    }

    /** A row before its change, without the values that the source did not send. */
    private static void writeSent(JsonGenerator out, Struct row) throws IOException {
        out.writeStartObject();
        for (Field field : row.schema().fields()) {
            Object value = row.getWithoutDefault(field.name());
            if (!Unsent.isInPlaceOf(value)) {
                out.writeFieldName(field.name());
                DmsColumns.write(out, field.schema(), value);
            }
        }
        out.writeEndObject();
    }

    /** When the record was written, as far as Debezium's reading is that. */
    private static void writeTimestamp(JsonGenerator out, SourceChange change) throws IOException {
        Long read = change.envelope().getInt64("ts_us");
        if (read != null) {
            out.writeStringField("timestamp", DmsColumns.instant(read));
        }
    }

    private static void writeTable(JsonGenerator out, TableId table) throws IOException {
        out.writeStringField("schema-name", table.schema());
        out.writeStringField("table-name", table.name());
    }

    /** As DMS makes it: the table, then the key's values. */
    private static String partitionValue(SourceChange change) {
        return PartitionKeys.of(change.table().qualifiedName(), change.key()).replace('|', '.');
    }

    private static byte[] write(Part record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            record.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write to memory", e);
        }
        return bytes.toByteArray();
    }
}

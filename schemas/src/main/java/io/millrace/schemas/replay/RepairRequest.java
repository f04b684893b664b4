package io.millrace.schemas.replay;

import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.DeclaredType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row as it was read in its source, to be written to the targets once more: a record of the pipeline's replay stream.
 *
 * <pre>
 * 'M' 'R' 'R' 'P' | 01 | length of the head, 4 bytes | head, JSON | the row, JSON, sealed
 * </pre>
 *
 * @param head where the row stands; nothing of what is in it
 * @param sealed the row, under a {@link RecordSeal}
 */
public record RepairRequest(Head head, byte[] sealed) implements StreamRequest {
    private static final byte[] MAGIC = {'M', 'R', 'R', 'P', 1};

    /**
     * Where a row stands.
     *
     * @param source the source's name
     * @param by who asked for the repair
     * @param atMicros when, in microseconds since 1970-01-01T00:00Z
     * @param reading where the row stands
     */
    public record Head(String source, String by, long atMicros, RowReading reading) {}

    /**
     * A row, or that there is none.
     *
     * @param schema the table's schema
     * @param table the table's name
     * @param key the texts of the key's values, in the order of the key
     * @param columns the row's columns; null if the source does not have the row
     * @param values its values, each null, the {@link KeyText text} of the value, or for an array a list of them
     */
    public record Body(
            String schema,
            String table,
            List<String> key,
            @Nullable List<BodyColumn> columns,
            @Nullable List<@Nullable Object> values) {}

    /**
     * A column of a row.
     *
     * @param name its name
     * @param type its type as {@link DeclaredType} spells it
     * @param nullable whether it may be null
     */
    public record BodyColumn(String name, String type, boolean nullable) {

        /** The column that this declares. */
        Column column() {
            DeclaredType declared = DeclaredType.parse(type);
            if (declared == null) {
                throw new IllegalArgumentException("Cannot read repair request: it has a column of type " + type);
            }
            return new Column(name, declared.type(), nullable);
        }
    }

    /** A request of a row, sealed under the pipeline's key. */
    public static RepairRequest of(Head head, Body body, RecordSeal seal) {
        return new RepairRequest(head, seal.seal(record(head, Frame.json(body))).data());
    }

    /** The body as it is sealed: a record of the source, of no stream. */
    private static RawRecord record(Head head, byte[] data) {
        return new RawRecord(head.source(), "", "", "", null, Math.floorDiv(head.atMicros(), 1000), data);
    }

    /** Whether a record of the replay stream is a repair request. */
    public static boolean is(byte[] data) {
        return Frame.begins(MAGIC, data);
    }

    @Override
    public String name() {
        return "row of " + head.source();
    }

    @Override
    public byte[] encode() {
        return new Frame<>(head, sealed).encode(MAGIC);
    }

    /**
     * Reads what {@link #encode()} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static RepairRequest parse(byte[] data) {
        Frame<Head> frame = Frame.parse(MAGIC, data, Head.class, "repair request");
        Head head = frame.head();
        if (head == null || head.source() == null || head.reading() == null) {
            throw new IllegalArgumentException("Cannot read repair request: it does not say where its row stands");
        }
        return new RepairRequest(head, frame.rest());
    }

    /**
     * The change that writes the row as it was read. It has no position of its own: its {@link RowReading} is what counts.
     *
     * @throws IllegalArgumentException if it was sealed with another key, or is no row
     */
    public ChangeEvent change(RecordSeal seal) {
        Body body;
        try {
            body = Frame.JSON.readValue(seal.open(record(head, sealed)).data(), Body.class);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read repair request: its row is no JSON of one");
        }
        if (body == null || body.schema() == null || body.table() == null || body.key() == null) {
            throw new IllegalArgumentException("Cannot read repair request: it names no row");
        }
        TableId table = new TableId(head.source(), body.schema(), body.table());
        Row row = row(body);
        return new ChangeEvent(
                table,
                RowKey.of(table, body.key()),
                row == null ? Operation.DELETE : Operation.UPDATE,
                null,
                row,
                null,
                head.reading().beforeMicros());
    }

    private static @Nullable Row row(Body body) {
        List<BodyColumn> columns = body.columns();
        if (columns == null) {
            return null;
        }
        List<@Nullable Object> texts = Objects.requireNonNullElse(body.values(), List.of());
        RowSchema schema =
                new RowSchema(columns.stream().map(BodyColumn::column).toList());
        @Nullable Object[] values = new @Nullable Object[texts.size()];
        for (int i = 0; i < values.length && i < columns.size(); i++) {
            Object text = texts.get(i);
            values[i] = text == null ? null : value(schema.columns().get(i).type(), text);
        }
        return new Row(schema, values);
    }

    private static Object value(ColumnType type, Object text) {
        if (type instanceof ColumnType.Array array && text instanceof List<?> list) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (Object element : list) {
                elements.add(element == null ? null : value(array.element(), element));
            }
            return elements;
        }
        try {
            return KeyText.value(type, (String) text);
        } catch (ClassCastException | java.time.DateTimeException | ArithmeticException | NumberFormatException e) {
            // Without the cause, which may quote the value.
            throw new IllegalArgumentException(
                    "Cannot read repair request: it has a value that is none of its type " + type);
        }
    }
}

package io.millrace.batch.raw.read;

import io.millrace.batch.raw.csv.CsvRecord;
import io.millrace.batch.raw.csv.FileLayout;
import io.millrace.batch.raw.infer.TableColumn;
import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.TextColumn;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.LandingZone.Format;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes changes of the lines of one file. */
final class LineReader {
    private static final TextColumn TIME = TextColumn.of(Objects.requireNonNull(DeclaredType.parse("timestamptz")));

    private final Format format;
    private final FileLayout layout;
    private final int[] places;
    private final TextColumn[] readers;
    private final boolean[] texts;
    private final boolean[] keys;
    private final List<TableColumn> columns;
    private final boolean deletesHaveKeysOnly;

    /** What a line is. */
    sealed interface Outcome {}

    /**
     * A change.
     *
     * @param operation I, U or D
     * @param commitMicros when it was committed, in microseconds since 1970-01-01T00:00Z; null if the line does not say it
     * @param values of the table's columns, in their order
     */
    record Change(
            char operation,
            @Nullable Long commitMicros,
            @Nullable Object[] values) implements Outcome {}

    /** No change; the reason quotes nothing of the line. */
    record Refused(DeadLetterCode code, String reason) implements Outcome {}

    /**
     * @param columns the columns of the table
     * @param types how each of them is written in files, in the same order
     * @param order the columns of files without header, by place
     * @param keys the names of key columns, in lower case
     * @param deletesHaveKeysOnly whether of a delete only the key is of use
     */
    LineReader(
            Format format,
            FileLayout layout,
            List<TableColumn> columns,
            List<DeclaredType> types,
            List<TableColumn> order,
            Set<String> keys,
            boolean deletesHaveKeysOnly) {
        this.format = format;
        this.layout = layout;
        this.columns = columns;
        this.deletesHaveKeysOnly = deletesHaveKeysOnly;
        places = new int[columns.size()];
        readers = new TextColumn[columns.size()];
        texts = new boolean[columns.size()];
        this.keys = new boolean[columns.size()];
        for (int i = 0; i < columns.size(); i++) {
            String id = columns.get(i).id();
            int at = layout.names().isEmpty()
                    ? order.indexOf(columns.get(i))
                    : layout.names().indexOf(id);
            places[i] = at >= 0 && at < layout.places().size() ? layout.places().get(at) : -1;
            readers[i] = TextColumn.of(types.get(i));
            ColumnType type = types.get(i).type();
            texts[i] = type == Primitive.STRING || type == Primitive.JSON || type == Primitive.BYTES;
            this.keys[i] = keys.contains(id);
        }
    }

    Outcome read(CsvRecord record) {
        if (record.problem() != null) {
            return new Refused(DeadLetterCode.MALFORMED, "Cannot read line: " + record.problem());
        }
        if (record.texts().length != layout.width()) {
            return new Refused(
                    DeadLetterCode.MALFORMED,
                    "Cannot read line: it has " + record.texts().length + " values, where its file has "
                            + layout.width());
        }
        String operation = layout.operation() < 0
                ? "I"
                : record.texts()[layout.operation()].strip().toUpperCase(Locale.ROOT);
        if (!operation.equals("I") && !operation.equals("U") && !operation.equals("D")) {
            return new Refused(
                    DeadLetterCode.UNSUPPORTED_OPERATION, "Cannot apply operation: it is none of I, U and D");
        }
        Long commit = null;
        if (layout.time() >= 0 && !isNull(record, layout.time(), false)) {
            commit = (Long) TIME.read(record.texts()[layout.time()]);
            if (commit == null) {
                return new Refused(
                        DeadLetterCode.INVALID_VALUE,
                        "Cannot read column " + format.timestampColumn() + " as timestamptz");
            }
        }
        return values(record, operation.charAt(0), commit);
    }

    private Outcome values(CsvRecord record, char operation, @Nullable Long commit) {
        @Nullable Object[] values = new Object[places.length];
        boolean keysOnly = deletesHaveKeysOnly && operation == 'D';
        for (int i = 0; i < places.length; i++) {
            int place = places[i];
            if (place >= 0 && (keys[i] || !keysOnly) && !isNull(record, place, texts[i])) {
                values[i] = readers[i].read(record.texts()[place]);
                if (values[i] == null) {
                    return new Refused(
                            DeadLetterCode.INVALID_VALUE,
                            "Cannot read column " + columns.get(i).name() + " as "
                                    + columns.get(i).declaredType());
                }
            }
            if (keys[i] && values[i] == null) {
                return new Refused(
                        DeadLetterCode.MISSING_KEY,
                        "Cannot find key: column " + columns.get(i).name() + " is null");
            }
        }
        return new Change(operation, commit, values);
    }

    private boolean isNull(CsvRecord record, int place, boolean text) {
        String value = record.texts()[place];
        return (value.equals(format.nullValue()) && !record.quoted()[place]) || (value.isEmpty() && !text);
    }
}

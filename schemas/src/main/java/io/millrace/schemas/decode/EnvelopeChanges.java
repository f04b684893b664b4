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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an envelope says of one row, whatever bytes it came in, as change events.
 *
 * <p>An update that changes a key column, which shows only where the source sends the row before, becomes a delete of the
 * old key and an insert of the new one, in this order.
 *
 * @param table the table
 * @param position where the change stands in the source's history; null if the source does not say
 * @param timeMicros when the source committed it
 * @param onTruncate what becomes of truncations of the table
 */
record EnvelopeChanges(
        TableId table, @Nullable SourcePosition position, long timeMicros, TableRoute.OnTruncate onTruncate) {

    /**
     * A row of an envelope, with {@link Invalid} in the place of values that their types cannot hold.
     *
     * @param keys the row's schema, and how its key is taken
     */
    record Image(KeyPlan keys, @Nullable Object[] values) {
        Row row() {
            return new Row(keys.schema(), values);
        }

        @Nullable
        RowKey key() {
            return keys.key(values) instanceof KeyPlan.Outcome.Found found ? found.key() : null;
        }
    }

    /**
     * The changes.
     *
     * @param operation Debezium's letter
     */
    Decoding of(String operation, @Nullable Image before, @Nullable Image after) {
        return switch (operation) {
            case "r" -> upsert(Operation.SNAPSHOT, before, after);
            case "c" -> upsert(Operation.INSERT, before, after);
            case "u" -> upsert(Operation.UPDATE, before, after);
            case "d" -> delete(before);
            case "t" -> truncation();
            default ->
                rejected(DeadLetterCode.UNSUPPORTED_OPERATION, "Cannot apply change: its operation is unknown", null);
        };
    }

    private Decoding truncation() {
        if (onTruncate == TableRoute.OnTruncate.DEAD_LETTER) {
            return rejected(
                    DeadLetterCode.TABLE_TRUNCATED,
                    "Cannot apply change: the table was truncated. Set truncate: apply for the table and replay this, or empty"
                            + " the targets by hand",
                    null);
        }
        if (position == null) {
            return rejected(
                    DeadLetterCode.TABLE_TRUNCATED,
                    "Cannot apply change: the table was truncated, and the record does not say where that stands among the"
                            + " table's changes. Empty the targets by hand",
                    null);
        }
        return new Decoding.Truncation(table, position, timeMicros);
    }

    private Decoding upsert(Operation operation, @Nullable Image before, @Nullable Image after) {
        if (after == null) {
            return rejected(DeadLetterCode.MALFORMED, "Cannot apply change: it has no row", null);
        }
        KeyPlan.Outcome outcome = after.keys().key(after.values());
        if (outcome instanceof KeyPlan.Outcome.None none) {
            return keyless(none);
        }
        RowKey key = ((KeyPlan.Outcome.Found) outcome).key();
        int invalid = RowPlan.invalidColumn(after.values());
        if (invalid >= 0) {
            String column = after.keys().schema().columns().get(invalid).name();
            return rejected(
                    DeadLetterCode.INVALID_VALUE,
                    "Cannot read value: that of column " + column + " is none of its type",
                    key);
        }
        RowKey oldKey = before == null ? null : before.key();
        Row row = after.row();
        Row old = sent(before);
        if (oldKey == null || oldKey.equals(key)) {
            return new Decoding.Changes(
                    List.of(new ChangeEvent(table, key, operation, old, row, position, timeMicros)));
        }
        return new Decoding.Changes(List.of(
                new ChangeEvent(table, oldKey, Operation.DELETE, old, null, position, timeMicros),
                new ChangeEvent(table, key, Operation.INSERT, null, row, position, timeMicros)));
    }

    private Decoding delete(@Nullable Image before) {
        if (before == null) {
            return rejected(
                    DeadLetterCode.MISSING_KEY,
                    "Cannot tell the row's key: the source sends no row with a delete; give the table a replica identity",
                    null);
        }
        KeyPlan.Outcome outcome = before.keys().key(before.values());
        if (outcome instanceof KeyPlan.Outcome.None none) {
            return keyless(none);
        }
        RowKey key = ((KeyPlan.Outcome.Found) outcome).key();
        return new Decoding.Changes(
                List.of(new ChangeEvent(table, key, Operation.DELETE, sent(before), null, position, timeMicros)));
    }

    /** The row before, which is not applied anywhere: what cannot be read of it counts as not sent. */
    private static @Nullable Row sent(@Nullable Image before) {
        if (before == null) {
            return null;
        }
        @Nullable Object[] values = before.values();
        for (int i = 0; i < values.length; i++) {
            if (values[i] == Invalid.VALUE) {
                values[i] = Unavailable.INSTANCE;
            }
        }
        return before.row();
    }

    private Decoding keyless(KeyPlan.Outcome.None none) {
        return rejected(none.code(), "Cannot tell the row's key: " + none.reason(), null);
    }

    private Decoding rejected(DeadLetterCode code, String reason, @Nullable RowKey key) {
        return new Decoding.Rejected(code, reason, table.toString(), key);
    }
}

package io.millrace.schemas.event;

import org.jspecify.annotations.Nullable;

/**
 * One change of one row, whatever format it came in.
 *
 * @param table the source table
 * @param key the row's key; after a changed primary key, the old key for the delete and the new key for the insert
 * @param operation what happened
 * @param before the row before the change as far as the source sent it; null for inserts and where it was not sent
 * @param after the row after the change; null exactly for deletes
 * @param position where the change stands in the source's history; null if the format carries none
 * @param eventTimeMicros when the source committed the change, in microseconds since 1970-01-01T00:00Z
 */
public record ChangeEvent(
        TableId table,
        RowKey key,
        Operation operation,
        @Nullable Row before,
        @Nullable Row after,
        @Nullable SourcePosition position,
        long eventTimeMicros) {

    public ChangeEvent {
        if ((after == null) != (operation == Operation.DELETE)) {
            throw new IllegalArgumentException("Cannot take a change with operation " + operation
                    + (after == null ? " and no row" : " and a row"));
        }
    }
}

package io.millrace.stream.sink.opensearch;

import io.millrace.schemas.event.RowChange;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of one document.
 *
 * @param index the document's index
 * @param id the document's id
 * @param version its version; a document of a newer one stays as it is
 * @param document the document's JSON in UTF-8; null if it is to be deleted
 * @param table the source table's full name, for counting
 * @param eventTimeMicros when the source committed the change, for measuring
 * @param change the change that it was made of, for its dead letter if it is refused
 */
public record BulkItem(
        String index,
        String id,
        long version,
        byte @Nullable [] document,
        String table,
        long eventTimeMicros,
        @Nullable RowChange change) {
    private static final int ACTION_BYTES = 128;

    /** About how many bytes it has in a request and in memory. */
    public int bytes() {
        return ACTION_BYTES + index.length() + id.length() + (document == null ? 0 : document.length);
    }
}

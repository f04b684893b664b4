package io.millrace.stream.deadletter;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * A record, or one of the changes in it, that was not applied.
 *
 * @param id names the dead letter; the same record refused again, as after a restart, has the same id
 * @param code why, for counting and grouping
 * @param reason why, in a sentence without record contents
 * @param source the pipeline file's name of the source
 * @param table the source table's full name, if the record came that far
 * @param key the row's key, if the record came that far
 * @param position where the change stands in the source's history, if the record came that far and the format tells
 * @param eventTimeMicros when the source committed the change, if the record came that far
 * @param firstSeenMicros when Millrace first had the record: its arrival on the stream
 * @param raw the record itself; null for a change that a target refused, which has left its bytes behind by then
 */
public record DeadLetter(
        String id,
        DeadLetterCode code,
        String reason,
        String source,
        @Nullable String table,
        @Nullable RowKey key,
        @Nullable SourcePosition position,
        @Nullable Long eventTimeMicros,
        long firstSeenMicros,
        @Nullable RawRecord raw) {}

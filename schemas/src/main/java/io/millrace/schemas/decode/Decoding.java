package io.millrace.schemas.decode;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a raw record. */
public sealed interface Decoding {

    /** The record holds changes of rows, to be applied in this order. */
    record Changes(List<ChangeEvent> events) implements Decoding {}

    /**
     * The source has emptied a whole table, whose targets are to be emptied as well.
     *
     * @param table the table
     * @param position where the truncation stands in the source's history: rows with a smaller position are gone
     * @param eventTimeMicros when the source committed it, in microseconds since 1970-01-01T00:00Z
     */
    record Truncation(TableId table, SourcePosition position, long eventTimeMicros) implements Decoding {}

    /** The record is none of a row's: a transaction marker, a heartbeat, a control record, a table nobody asked for. */
    record Control(String kind) implements Decoding {}

    /**
     * The record cannot be applied and goes to the dead letters.
     *
     * @param code why, for counting and grouping
     * @param reason why, in a sentence without record contents
     * @param table the table's full name, if the record came that far
     * @param key the row's key, if the record came that far
     */
    record Rejected(
            DeadLetterCode code,
            String reason,
            @Nullable String table,
            @Nullable RowKey key) implements Decoding {}
}

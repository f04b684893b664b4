package io.millrace.stream.decode;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.SourcePosition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The news that a source has emptied a table, on its way to everybody who remembers rows of it.
 *
 * @param table the table's full name
 * @param position where the truncation stands in the source's history: rows with a smaller position are gone
 * @param eventTimeMicros when the source committed it
 * @param raw the record it came from, as long as a later step may have to refuse it
 * @param replay the dead letter that it was; null if it comes for the first time
 */
public record DecodedTruncation(
        String table,
        SourcePosition position,
        long eventTimeMicros,
        @Nullable RawRecord raw,
        @Nullable Replay replay) {

    /** The record, which all have before a step that may refuse. */
    public RawRecord record() {
        return Objects.requireNonNull(raw, "a truncation that may be refused has its record");
    }

    /** The truncation without its record. */
    public DecodedTruncation withoutRaw() {
        return new DecodedTruncation(table, position, eventTimeMicros, null, replay);
    }
}

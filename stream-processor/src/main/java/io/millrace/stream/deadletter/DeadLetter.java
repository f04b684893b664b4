package io.millrace.stream.deadletter;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * A record, or one of the changes in it, that was not applied; or, by its review, a report about one that was.
 *
 * @param id names the dead letter; the same record refused again, as after a restart, has the same id
 * @param code why, for counting and grouping
 * @param reason why, in a sentence without record contents
 * @param source the pipeline file's name of the source
 * @param table the source table's full name, if the record came that far
 * @param key the row's key, if the record came that far; masked from the mask step on
 * @param position where the change stands in the source's history, if the record came that far and the format tells
 * @param eventTimeMicros when the source committed the change, if the record came that far
 * @param watermarkMillis the watermark when it was refused, if there was one
 * @param firstSeenMicros when Millrace first had the record: its arrival on the stream
 * @param raw the record itself, sealed from the mask step on; for a change that a target refused, which has left its bytes
 *     behind by then, the change in the job's own format, on a stream without name
 * @param review where it stands in its review
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
        @Nullable Long watermarkMillis,
        long firstSeenMicros,
        @Nullable RawRecord raw,
        Review review) {

    /** The same dead letter at another point of its review. */
    public DeadLetter with(Review next) {
        return new DeadLetter(
                id,
                code,
                reason,
                source,
                table,
                key,
                position,
                eventTimeMicros,
                watermarkMillis,
                firstSeenMicros,
                raw,
                next);
    }

    /** The same dead letter after a replay that failed for another reason. */
    public DeadLetter because(String failure) {
        return new DeadLetter(
                id,
                code,
                failure,
                source,
                table,
                key,
                position,
                eventTimeMicros,
                watermarkMillis,
                firstSeenMicros,
                raw,
                review.again());
    }

    /** The same dead letter with its key and record hidden. */
    public DeadLetter with(@Nullable RowKey hiddenKey, @Nullable RawRecord sealed) {
        return new DeadLetter(
                id,
                code,
                reason,
                source,
                table,
                hiddenKey,
                position,
                eventTimeMicros,
                watermarkMillis,
                firstSeenMicros,
                sealed,
                review);
    }

    /** The same dead letter, refused at this watermark; {@link Long#MIN_VALUE} if there was none. */
    public DeadLetter at(long watermark) {
        return new DeadLetter(
                id,
                code,
                reason,
                source,
                table,
                key,
                position,
                eventTimeMicros,
                watermark == Long.MIN_VALUE ? null : watermark,
                firstSeenMicros,
                raw,
                review);
    }
}

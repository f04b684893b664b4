package io.millrace.stream.deadletter;

import io.millrace.schemas.deadletter.DeadLetterTables;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters as rows of tables, so that they are written by the same sinks as all other rows.
 *
 * <p>The rows are keyed by the dead letter's id: the same record refused again replaces its row by an equal one. The records
 * themselves are rows of a table of their own, which fewer people may read.
 */
public final class DeadLetterRows {
    private DeadLetterRows() {}

    /** All rows that a dead letter changes. */
    public static List<RowChange> rows(String pipeline, DeadLetter letter) {
        List<RowChange> rows = new ArrayList<>();
        rows.add(upsert(pipeline, letter));
        RawRecord raw = letter.raw();
        if (raw != null && letter.review().state() != Review.State.REPORTED) {
            @Nullable Object[] values = {letter.id(), letter.firstSeenMicros(), ByteBuffer.wrap(raw.data())};
            rows.add(new RowChange.Upsert(
                    new RowKey(DeadLetterTables.RAW_TABLE, letter.id()),
                    new Row(DeadLetterTables.RAW_SCHEMA, values),
                    letter.review().version(),
                    letter.firstSeenMicros()));
        }
        return rows;
    }

    /** The upsert of a dead letter's or a report's row. */
    public static RowChange.Upsert upsert(String pipeline, DeadLetter letter) {
        RawRecord raw = letter.raw();
        RowKey key = letter.key();
        SourcePosition position = letter.position();
        Review review = letter.review();
        @Nullable
        Object[] values = {
            letter.id(),
            pipeline,
            letter.code().name(),
            letter.reason(),
            letter.source(),
            letter.table(),
            key == null ? null : key.id(),
            position == null ? null : position.transaction(),
            position == null ? null : position.offset(),
            letter.eventTimeMicros(),
            letter.watermarkMillis() == null ? null : letter.watermarkMillis() * 1000,
            letter.firstSeenMicros(),
            raw == null ? null : raw.stream(),
            raw == null ? null : raw.shard(),
            raw == null ? null : raw.sequence(),
            raw == null ? null : raw.partitionKey(),
            review.state().name().toLowerCase(Locale.ROOT),
            review.attempt(),
            review.outcome(),
            review.by(),
            review.atMicros(),
            review.note()
        };
        return new RowChange.Upsert(
                new RowKey(
                        review.state() == Review.State.REPORTED
                                ? DeadLetterTables.REPORTS_TABLE
                                : DeadLetterTables.TABLE,
                        letter.id()),
                new Row(DeadLetterTables.SCHEMA, values),
                review.version(),
                letter.firstSeenMicros());
    }
}

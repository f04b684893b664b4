package io.millrace.stream.deadletter;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
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
    /** The table's name in {@link RowKey#table()}; no source table has this name, as theirs have three parts. */
    public static final String TABLE = "dead_letters";

    /** The name of the table of sealed records. */
    public static final String RAW_TABLE = "dead_letters_raw";

    /** The name of the table of reports. */
    public static final String REPORTS_TABLE = "reports";

    /** The column that identifies a dead letter, in all tables. */
    public static final String KEY_COLUMN = "id";

    /** The column by whose day the tables are partitioned: the day on which the dead letters come in. */
    public static final String TIME_COLUMN = "first_seen";

    /** The columns of the table, which are also the fields of the review index. */
    public static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column(KEY_COLUMN, Primitive.STRING, false),
            new Column("pipeline", Primitive.STRING, false),
            new Column("code", Primitive.STRING, false),
            new Column("reason", Primitive.STRING, false),
            new Column("source", Primitive.STRING, false),
            new Column("source_table", Primitive.STRING, true),
            new Column("row_key", Primitive.STRING, true),
            new Column("position_transaction", Primitive.INT64, true),
            new Column("position_offset", Primitive.INT64, true),
            new Column("event_time", Primitive.TIMESTAMP_TZ, true),
            new Column("watermark", Primitive.TIMESTAMP_TZ, true),
            new Column(TIME_COLUMN, Primitive.TIMESTAMP_TZ, false),
            new Column("stream", Primitive.STRING, true),
            new Column("shard", Primitive.STRING, true),
            new Column("sequence_number", Primitive.STRING, true),
            new Column("partition_key", Primitive.STRING, true),
            new Column("state", Primitive.STRING, false),
            new Column("attempt", Primitive.INT32, false),
            new Column("outcome", Primitive.STRING, true),
            new Column("reviewed_by", Primitive.STRING, true),
            new Column("reviewed_at", Primitive.TIMESTAMP_TZ, true),
            new Column("note", Primitive.STRING, true)));

    private static final RowSchema RAW_SCHEMA = new RowSchema(List.of(
            new Column(KEY_COLUMN, Primitive.STRING, false),
            new Column(TIME_COLUMN, Primitive.TIMESTAMP_TZ, false),
            new Column("raw", Primitive.BYTES, false)));

    private DeadLetterRows() {}

    /** All rows that a dead letter changes. */
    public static List<RowChange> rows(String pipeline, DeadLetter letter) {
        List<RowChange> rows = new ArrayList<>();
        rows.add(upsert(pipeline, letter));
        RawRecord raw = letter.raw();
        if (raw != null && letter.review().state() != Review.State.REPORTED) {
            @Nullable Object[] values = {letter.id(), letter.firstSeenMicros(), ByteBuffer.wrap(raw.data())};
            rows.add(new RowChange.Upsert(
                    new RowKey(RAW_TABLE, letter.id()),
                    new Row(RAW_SCHEMA, values),
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
                new RowKey(review.state() == Review.State.REPORTED ? REPORTS_TABLE : TABLE, letter.id()),
                new Row(SCHEMA, values),
                review.version(),
                letter.firstSeenMicros());
    }
}

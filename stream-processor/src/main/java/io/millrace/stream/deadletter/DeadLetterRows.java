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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters as rows of a table, so that they are written by the same sink as all other rows.
 *
 * <p>The rows are keyed by the dead letter's id: the same record refused again replaces its row by an equal one.
 */
public final class DeadLetterRows {
    /** The table's name in {@link RowKey#table()}; no source table has this name, as theirs have three parts. */
    public static final String TABLE = "dead_letters";

    /** The column that identifies a dead letter. */
    public static final String KEY_COLUMN = "id";

    /** The column by whose day the table is partitioned: the day on which the dead letters come in. */
    public static final String TIME_COLUMN = "first_seen";

    private static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column(KEY_COLUMN, Primitive.STRING, false),
            new Column("code", Primitive.STRING, false),
            new Column("reason", Primitive.STRING, false),
            new Column("source", Primitive.STRING, false),
            new Column("source_table", Primitive.STRING, true),
            new Column("row_key", Primitive.STRING, true),
            new Column("position_transaction", Primitive.INT64, true),
            new Column("position_offset", Primitive.INT64, true),
            new Column("event_time", Primitive.TIMESTAMP_TZ, true),
            new Column(TIME_COLUMN, Primitive.TIMESTAMP_TZ, false),
            new Column("stream", Primitive.STRING, true),
            new Column("shard", Primitive.STRING, true),
            new Column("sequence_number", Primitive.STRING, true),
            new Column("partition_key", Primitive.STRING, true),
            new Column("raw", Primitive.BYTES, true)));

    private DeadLetterRows() {}

    /** The upsert of a dead letter's row. */
    public static RowChange.Upsert upsert(DeadLetter letter) {
        RawRecord raw = letter.raw();
        RowKey key = letter.key();
        SourcePosition position = letter.position();
        @Nullable
        Object[] values = {
            letter.id(),
            letter.code().name(),
            letter.reason(),
            letter.source(),
            letter.table(),
            key == null ? null : key.id(),
            position == null ? null : position.transaction(),
            position == null ? null : position.offset(),
            letter.eventTimeMicros(),
            letter.firstSeenMicros(),
            raw == null ? null : raw.stream(),
            raw == null ? null : raw.shard(),
            raw == null ? null : raw.sequence(),
            raw == null ? null : raw.partitionKey(),
            raw == null ? null : ByteBuffer.wrap(raw.data())
        };
        return new RowChange.Upsert(
                new RowKey(TABLE, letter.id()), new Row(SCHEMA, values), 1, letter.firstSeenMicros());
    }
}

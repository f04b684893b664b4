package io.millrace.schemas.deadletter;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.RowSchema;
import java.util.List;

/**
 * The tables of dead letters, which the streaming job and the batch jobs write alike.
 *
 * <p>The records themselves are rows of a table of their own, which fewer people may read.
 */
public final class DeadLetterTables {
    /** The Iceberg namespace of all of them. */
    public static final String NAMESPACE = "ops";

    /** The table's name; no source table has this name, as theirs have three parts. */
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

    /** The columns of the table of sealed records. */
    public static final RowSchema RAW_SCHEMA = new RowSchema(List.of(
            new Column(KEY_COLUMN, Primitive.STRING, false),
            new Column(TIME_COLUMN, Primitive.TIMESTAMP_TZ, false),
            new Column("raw", Primitive.BYTES, false)));

    private DeadLetterTables() {}
}

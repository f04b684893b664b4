package io.millrace.stream.volume;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.stream.accounting.Ledger.Account;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Minutes as rows of a table, so that they are written by the same sink as all other rows: a minute that grows replaces its row. */
public final class MinuteRows {
    /** The table's name in {@link RowKey#table()}; no source table has this name, as theirs have three parts. */
    public static final String TABLE = "ingestion_minutes";

    /** The columns that identify a row; records of which no table is known have an empty one. */
    public static final List<String> KEY = List.of("pipeline", "source", "source_table", "minute");

    /** The column by whose day the table is partitioned. */
    public static final String TIME_COLUMN = "minute";

    private static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column("pipeline", Primitive.STRING, false),
            new Column("source", Primitive.STRING, false),
            new Column("source_table", Primitive.STRING, false),
            new Column(TIME_COLUMN, Primitive.TIMESTAMP_TZ, false),
            new Column("inserts", Primitive.INT64, false),
            new Column("updates", Primitive.INT64, false),
            new Column("deletes", Primitive.INT64, false),
            new Column("snapshot_rows", Primitive.INT64, false),
            new Column("applied", Primitive.INT64, false),
            new Column("superseded", Primitive.INT64, false),
            new Column("duplicates", Primitive.INT64, false),
            new Column("rejected", Primitive.INT64, false),
            new Column("max_lag_ms", Primitive.INT64, true),
            new Column("mean_lag_ms", Primitive.FLOAT64, true)));

    private MinuteRows() {}

    /** The upsert of a minute's row. */
    public static RowChange.Upsert upsert(String pipeline, MinuteCounts minute) {
        Account account = Account.of(minute.table());
        String table = account.table() == null ? "" : account.table();
        MinuteCounts.Lag lag = minute.lag();
        long micros = minute.minuteMillis() * 1000;
        @Nullable
        Object[] values = {
            pipeline,
            account.source(),
            table,
            micros,
            minute.inserts(),
            minute.updates(),
            minute.deletes(),
            minute.snapshotRows(),
            minute.applied(),
            minute.superseded(),
            minute.duplicates(),
            minute.rejected(),
            lag.count() == 0 ? null : lag.maxMillis(),
            lag.count() == 0 ? null : (double) lag.sumMillis() / lag.count()
        };
        RowKey key = RowKey.of(TABLE, List.of(pipeline, account.source(), table, keyText(micros)));
        return new RowChange.Upsert(key, new Row(SCHEMA, values), micros, micros);
    }

    private static String keyText(long micros) {
        return KeyText.of(Primitive.TIMESTAMP_TZ, micros);
    }
}

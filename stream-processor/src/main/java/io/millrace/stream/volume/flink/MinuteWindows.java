package io.millrace.stream.volume.flink;

import static org.apache.flink.table.api.Expressions.$;
import static org.apache.flink.table.api.Expressions.lit;

import io.millrace.stream.volume.MinuteCounts;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.Tumble;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

/**
 * One-minute windows of event time for each table, in the Table API. A window gives its sums when the watermark passes its end, and
 * again with everything that comes later, as long as it is kept.
 */
final class MinuteWindows {
    private static final TypeInformation<Row> PART = Types.ROW_NAMED(
            new String[] {
                "name",
                "at",
                "inserts",
                "updates",
                "deletes",
                "snapshot_rows",
                "superseded",
                "duplicates",
                "rejected",
                "lags",
                "lag_sum",
                "lag_max"
            },
            Types.STRING,
            Types.INSTANT,
            Types.LONG,
            Types.LONG,
            Types.LONG,
            Types.LONG,
            Types.LONG,
            Types.LONG,
            Types.LONG,
            Types.LONG,
            Types.LONG,
            Types.LONG);

    private MinuteWindows() {}

    /**
     * Whole minutes of their parts.
     *
     * @param parts in one subtask, each in the minute whose window is open or still kept
     * @param amendable for how long after its end a window is kept
     */
    static DataStream<MinuteCounts> of(DataStream<MinuteCounts> parts, Duration amendable) {
        StreamExecutionEnvironment env = parts.getExecutionEnvironment();
        int parallelism = env.getParallelism();
        StreamTableEnvironment tables = StreamTableEnvironment.create(env);
        configure(tables.getConfig(), amendable);
        Table minutes = tables.fromDataStream(
                        parts.map(MinuteWindows::row, PART)
                                .uid("minute-parts")
                                .name("parts of minutes")
                                .setParallelism(1),
                        Schema.newBuilder()
                                .column("name", "STRING")
                                .column("at", "TIMESTAMP_LTZ(3)")
                                .column("inserts", "BIGINT")
                                .column("updates", "BIGINT")
                                .column("deletes", "BIGINT")
                                .column("snapshot_rows", "BIGINT")
                                .column("superseded", "BIGINT")
                                .column("duplicates", "BIGINT")
                                .column("rejected", "BIGINT")
                                .column("lags", "BIGINT")
                                .column("lag_sum", "BIGINT")
                                .column("lag_max", "BIGINT")
                                .watermark("at", "SOURCE_WATERMARK()")
                                .build())
                .window(Tumble.over(lit(1).minutes()).on($("at")).as("minute"))
                .groupBy($("name"), $("minute"))
                .select(
                        $("name"),
                        $("minute").start().as("begin"),
                        $("inserts").sum().as("inserts"),
                        $("updates").sum().as("updates"),
                        $("deletes").sum().as("deletes"),
                        $("snapshot_rows").sum().as("snapshot_rows"),
                        $("superseded").sum().as("superseded"),
                        $("duplicates").sum().as("duplicates"),
                        $("rejected").sum().as("rejected"),
                        $("lags").sum().as("lags"),
                        $("lag_sum").sum().as("lag_sum"),
                        $("lag_max").max().as("lag_max"));
        DataStream<Row> changes = tables.toChangelogStream(minutes);
        // The planner makes its parallelism that of everything which is added to the job after it.
        env.setParallelism(parallelism);
        return changes.flatMap((Row row, Collector<MinuteCounts> out) -> {
                    if (row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER) {
                        out.collect(minute(row));
                    }
                })
                .returns(WireType.of(WireFormat.MINUTE_COUNTS))
                .uid("minutes")
                .name("minutes")
                .setParallelism(1);
    }

    private static void configure(TableConfig config, Duration amendable) {
        // By type and part: the planner numbers its nodes through all that it has ever planned in a cluster's JVM.
        config.set("table.exec.uid.generation", "ALWAYS");
        config.set("table.exec.uid.format", "ingestion-minutes_<type>_<transformation>");
        config.set("table.exec.resource.default-parallelism", "1");
        config.set("table.local-time-zone", "UTC");
        config.set("table.exec.emit.late-fire.enabled", "true");
        config.set("table.exec.emit.late-fire.delay", "0 ms");
        config.set("table.exec.emit.allow-lateness", amendable.toMillis() + " ms");
    }

    private static Row row(MinuteCounts part) {
        return Row.of(
                part.table(),
                Instant.ofEpochMilli(part.minuteMillis()),
                part.inserts(),
                part.updates(),
                part.deletes(),
                part.snapshotRows(),
                part.superseded(),
                part.duplicates(),
                part.rejected(),
                part.lag().count(),
                part.lag().sumMillis(),
                part.lag().maxMillis());
    }

    private static MinuteCounts minute(Row row) {
        LocalDateTime begin = row.getFieldAs("begin");
        String name = row.getFieldAs("name");
        return new MinuteCounts(
                Objects.requireNonNull(name),
                Objects.requireNonNull(begin).toInstant(ZoneOffset.UTC).toEpochMilli(),
                number(row, "inserts"),
                number(row, "updates"),
                number(row, "deletes"),
                number(row, "snapshot_rows"),
                number(row, "superseded"),
                number(row, "duplicates"),
                number(row, "rejected"),
                new MinuteCounts.Lag(number(row, "lags"), number(row, "lag_sum"), number(row, "lag_max")));
    }

    private static long number(Row row, String column) {
        Long value = row.getFieldAs(column);
        return Objects.requireNonNull(value);
    }
}

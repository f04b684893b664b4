package io.millrace.stream.sink.iceberg.flink;

import io.millrace.iceberg.KeyIndexedUpsertSink;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.sink.flink.MinuteTarget;
import io.millrace.stream.sink.iceberg.IcebergRoute;
import io.millrace.stream.sink.iceberg.RowChangeReader;
import io.millrace.stream.volume.MinuteCounts;
import io.millrace.stream.volume.MinuteRows;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The Iceberg table {@code ops.ingestion_minutes}, written by the same sink as all others and as exactly. */
public final class MinuteTable implements MinuteTarget {
    private static final IcebergRoute ROUTE = new IcebergRoute(
            MinuteRows.TABLE,
            "ops",
            MinuteRows.TABLE,
            MinuteRows.KEY,
            List.of("day(" + MinuteRows.TIME_COLUMN + ")"),
            2,
            false,
            Map.of());

    private final Pipeline pipeline;

    public MinuteTable(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public void write(DataStream<MinuteCounts> minutes) {
        String name = pipeline.name();
        KeyIndexedUpsertSink.forChanges(new RowChangeReader(List.of(ROUTE)))
                .catalog(IcebergTarget.catalog(pipeline))
                .pipeline(name)
                .commitInterval(pipeline.checkpoints().commitInterval())
                .tables(List.of(ROUTE.table()))
                .uidPrefix("ingestion-minutes")
                .appendTo(minutes.map(minute -> (RowChange) MinuteRows.upsert(name, minute))
                        .returns(WireType.of(WireFormat.ROW_CHANGE))
                        .uid("minute-rows")
                        .name("rows of minutes")
                        .setParallelism(1)
                        .keyBy(RowChange::key, WireType.<RowKey>of(WireFormat.ROW_KEY)));
    }
}

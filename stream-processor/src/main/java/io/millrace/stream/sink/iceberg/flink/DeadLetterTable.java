package io.millrace.stream.sink.iceberg.flink;

import io.millrace.iceberg.CatalogLoader;
import io.millrace.iceberg.KeyIndexedUpsertSink;
import io.millrace.schemas.deadletter.DeadLetterTables;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetterRows;
import io.millrace.stream.sink.flink.DeadLetterTarget;
import io.millrace.stream.sink.iceberg.IcebergRoute;
import io.millrace.stream.sink.iceberg.RowChangeReader;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.Collector;

/**
 * The Iceberg tables {@code ops.dead_letters}, {@code ops.dead_letters_raw} and {@code ops.reports}, written by the same
 * sink as all others and as exactly.
 */
public final class DeadLetterTable implements DeadLetterTarget {
    private static final List<IcebergRoute> ROUTES = List.of(
            route(DeadLetterTables.TABLE), route(DeadLetterTables.RAW_TABLE), route(DeadLetterTables.REPORTS_TABLE));

    private final Pipeline pipeline;

    public DeadLetterTable(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public void write(DataStream<DeadLetter> letters) {
        Connections.Iceberg catalog = pipeline.connections().iceberg();
        String name = pipeline.name();
        KeyIndexedUpsertSink.forChanges(new RowChangeReader(ROUTES))
                .catalog(CatalogLoader.ofProperties(catalog.catalog(), catalog.properties()))
                .pipeline(name)
                .commitInterval(pipeline.checkpoints().commitInterval())
                .tables(ROUTES.stream().map(IcebergRoute::table).toList())
                .uidPrefix("dead-letters")
                .appendTo(letters.flatMap((DeadLetter letter, Collector<RowChange> out) ->
                                DeadLetterRows.rows(name, letter).forEach(out::collect))
                        .returns(WireType.of(WireFormat.ROW_CHANGE))
                        .uid("dead-letter-rows")
                        .name("rows of dead letters")
                        .keyBy(RowChange::key, WireType.<RowKey>of(WireFormat.ROW_KEY)));
    }

    private static IcebergRoute route(String table) {
        return new IcebergRoute(
                table,
                DeadLetterTables.NAMESPACE,
                table,
                List.of(DeadLetterTables.KEY_COLUMN),
                List.of("day(" + DeadLetterTables.TIME_COLUMN + ")"),
                2,
                false,
                Map.of());
    }
}

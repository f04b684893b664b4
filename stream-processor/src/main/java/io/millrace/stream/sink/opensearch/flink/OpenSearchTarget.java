package io.millrace.stream.sink.opensearch.flink;

import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.fit.TargetTables;
import io.millrace.stream.sink.flink.ChangeTarget;
import io.millrace.stream.sink.opensearch.IndexRoutes;
import io.millrace.stream.sink.opensearch.IndexTables;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.Optional;
import org.apache.flink.streaming.api.datastream.DataStream;

/** OpenSearch as a target of the route. */
public final class OpenSearchTarget implements ChangeTarget {
    private final Pipeline pipeline;

    public OpenSearchTarget(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public Optional<TargetTables.Factory> tables() {
        Connections.OpenSearch connection = pipeline.connections().opensearch();
        IndexRoutes routes = IndexRoutes.of(pipeline);
        return pipeline.tables().stream().allMatch(table -> table.opensearch() == null)
                ? Optional.empty()
                : Optional.of(() -> new IndexTables(connection, routes));
    }

    @Override
    public Optional<DataStream<DeadLetter>> write(DataStream<RowChange> changes) {
        return Optional.of(changes.transform(
                        "write to OpenSearch",
                        WireType.of(WireFormat.DEAD_LETTER),
                        new BulkOperator.Factory(pipeline.connections().opensearch(), IndexRoutes.of(pipeline)))
                .uid("sink-opensearch")
                // A slow index must not hold up the sequence step longer than it has to: its own thread and buffers.
                .disableChaining());
    }
}

package io.millrace.stream.sink.opensearch.flink;

import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.fit.TargetTables;
import io.millrace.stream.sink.flink.ChangeTarget;
import io.millrace.stream.sink.opensearch.IndexRoutes;
import io.millrace.stream.sink.opensearch.IndexTables;
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

    /** {@inheritDoc} The index keeps what it refuses itself, as a sink has no output. */
    @Override
    public Optional<DataStream<DeadLetter>> write(DataStream<RowChange> changes) {
        changes.sinkTo(OpenSearchSink.of(pipeline))
                .uid("sink-opensearch")
                .name("write to OpenSearch")
                // A slow index must not hold up the sequence step longer than it has to: its own thread and buffers.
                .disableChaining();
        return Optional.empty();
    }
}

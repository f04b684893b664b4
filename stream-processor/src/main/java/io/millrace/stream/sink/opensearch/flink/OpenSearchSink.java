package io.millrace.stream.sink.opensearch.flink;

import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.sink.opensearch.IndexRoutes;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes row changes to OpenSearch, at least once and idempotently: a change that is written again, or after a newer one,
 * has no effect, as its version is not greater than the document's.
 *
 * <p>Not Flink's own OpenSearch connector: its failure handler sees no document, so that one that is refused could not
 * become a dead letter, and a lost connection fails the job.
 */
public final class OpenSearchSink implements Sink<RowChange> {
    private static final long serialVersionUID = 1L;

    private final Connections.OpenSearch connection;
    private final IndexRoutes indexes;

    /** A sink for the rows of some tables; those of others are left out. */
    public OpenSearchSink(Connections.OpenSearch connection, IndexRoutes indexes) {
        this.connection = connection;
        this.indexes = indexes;
    }

    /** The sink that a pipeline asks for. */
    public static OpenSearchSink of(Pipeline pipeline) {
        return new OpenSearchSink(pipeline.connections().opensearch(), IndexRoutes.of(pipeline));
    }

    @Override
    public SinkWriter<RowChange> createWriter(WriterInitContext context) {
        return new BulkWriter(
                connection,
                indexes,
                context.getMailboxExecutor(),
                context.getProcessingTimeService(),
                context.metricGroup());
    }

    @Override
    @Deprecated
    public SinkWriter<RowChange> createWriter(InitContext context) {
        throw new UnsupportedOperationException("Cannot write on a Flink before 1.19");
    }
}

package io.millrace.stream;

import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.stream.decode.DecoderFactory;
import io.millrace.stream.sink.iceberg.flink.DeadLetterTable;
import io.millrace.stream.sink.iceberg.flink.IcebergTarget;
import io.millrace.stream.sink.opensearch.flink.OpenSearchTarget;
import io.millrace.stream.source.flink.KinesisSource;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job of a pipeline: {@code --pipeline FILE [--connections FILE]}. */
public final class IngestionJob {

    private IngestionJob() {}

    /**
     * Submits the job.
     *
     * <p>Wrong usage or configuration is thrown and not made into an exit code, as Flink runs this in a JVM of its own.
     */
    public static void main(String[] args) throws Exception {
        JobArguments arguments = JobArguments.parse(args);
        Pipeline pipeline = PipelineFile.read(arguments.pipeline(), arguments.connections());
        IcebergTarget.openCatalogOnce(pipeline);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        JobSettings.apply(env, pipeline);
        topology(pipeline).build(env, pipeline);
        env.execute("millrace " + pipeline.name());
    }

    static IngestionTopology topology(Pipeline pipeline) {
        return new IngestionTopology(
                new KinesisSource(pipeline.connections().kinesis()),
                DecoderFactory.of(pipeline),
                List.of(new IcebergTarget(pipeline), new OpenSearchTarget(pipeline)),
                new DeadLetterTable(pipeline));
    }
}

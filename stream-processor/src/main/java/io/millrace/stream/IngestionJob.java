package io.millrace.stream;

import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.stream.decode.DecoderFactory;
import io.millrace.stream.sink.flink.ChangeTarget;
import io.millrace.stream.sink.iceberg.flink.DeadLetterTable;
import io.millrace.stream.sink.iceberg.flink.IcebergTarget;
import io.millrace.stream.sink.iceberg.flink.MinuteTable;
import io.millrace.stream.sink.opensearch.flink.OpenSearchTarget;
import io.millrace.stream.sink.opensearch.flink.ReviewIndex;
import io.millrace.stream.source.flink.ReplayStreams;
import io.millrace.stream.source.flink.TransportSource;
import java.util.ArrayList;
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
        ReplayStreams.ensure(pipeline);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        JobSettings.apply(env, pipeline);
        topology(pipeline).build(env, pipeline);
        env.execute("millrace " + pipeline.name());
    }

    static IngestionTopology topology(Pipeline pipeline) {
        List<ChangeTarget> targets = new ArrayList<>(List.of(new IcebergTarget(pipeline)));
        if (pipeline.tables().stream().anyMatch(table -> table.opensearch() != null)) {
            targets.add(new OpenSearchTarget(pipeline));
        }
        DeadLetterTable table = new DeadLetterTable(pipeline);
        ReviewIndex index = new ReviewIndex(pipeline);
        boolean indexed = targets.size() > 1;
        return new IngestionTopology(
                new TransportSource(pipeline),
                DecoderFactory.of(pipeline),
                targets,
                letters -> {
                    table.write(letters);
                    if (indexed) {
                        index.write(letters);
                    }
                },
                new MinuteTable(pipeline));
    }
}

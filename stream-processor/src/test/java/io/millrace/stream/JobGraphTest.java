package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.mask.KeySource;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class JobGraphTest {

    /** Building it fails if a type would fall back to Kryo or an operator has no uid. */
    @Test
    void theWholeJobHasItsOwnTypesAndStableNames() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        Quality quality = new Quality(
                Map.of(), List.of(new Rule.Volume(Duration.ofHours(1), 0.1, 10, 10, Rule.Action.DEAD_LETTER)));
        var pipeline = TestPipelines.orders("s3://millrace/orders", quality, KeySource.NONE);
        JobSettings.apply(env, pipeline);
        IngestionJob.topology(pipeline).build(env, pipeline);

        JobGraph graph = env.getStreamGraph().getJobGraph();

        List<String> names = StreamSupport.stream(graph.getVertices().spliterator(), false)
                .map(JobVertex::getName)
                .map(Objects::requireNonNull)
                .toList();
        assertThat(names)
                .anySatisfy(name -> assertThat(name).contains("read shop", "decode shop", "event time of shop"))
                .anySatisfy(name -> assertThat(name)
                        .as("one task: no change is written and read in between")
                        .startsWith("sequence")
                        .contains("of Iceberg tables", "add up minutes"))
                .anySatisfy(name -> assertThat(name).contains("OpenSearch"))
                .anySatisfy(name -> assertThat(name).contains("GroupWindowAggregate"));
    }
}

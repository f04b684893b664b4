package io.millrace.benchmarks.compaction;

import io.millrace.benchmarks.sink.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointStatsCounts;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The stream: a Flink job that upserts at a steady rate until a file tells it to stop. */
@Command(name = "stream")
final class StreamStep implements Callable<Integer> {
    /** Counts what the source emits; the cluster is in this JVM. */
    private static final AtomicLong EMITTED = new AtomicLong();

    private static final int PARALLELISM = 2;

    @Option(names = "--catalog", required = true, description = "Iceberg's catalog properties, as JSON.")
    private Path catalog;

    @Option(names = "--history", required = true, description = "The history, as JSON.")
    private Path history;

    @Option(names = "--sink", required = true)
    private StreamSink sink;

    @Option(names = "--rate", required = true)
    private double rate;

    @Option(names = "--checkpoint-millis", required = true)
    private long checkpointMillis;

    @Option(names = "--stop", required = true, description = "The file that tells it to stop.")
    private Path stop;

    @Option(names = "--result", required = true)
    private Path result;

    @SuppressWarnings("NullAway.Init")
    private StreamStep() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new StreamStep()).execute(args));
    }

    /** Up to the first checkpoint: Flink counts those that it cannot begin while the writers still learn where rows are. */
    private record Progress(long changes, long nanos, long refusedCheckpoints) {}

    @Override
    public Integer call() throws Exception {
        Configuration settings = settings();
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        environment.setParallelism(PARALLELISM);
        environment.enableCheckpointing(checkpointMillis);
        topology(environment);
        try (MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(PARALLELISM)
                .build())) {
            cluster.start();
            JobGraph graph = environment.getStreamGraph().getJobGraph();
            cluster.submitJob(graph).get();
            Progress before = new Progress(0, System.nanoTime(), 0);
            while (!Files.exists(stop)) {
                JobStatus status = cluster.getJobStatus(graph.getJobID()).get();
                if (status.isTerminalState()) {
                    throw new IllegalStateException("Cannot go on: the stream ended as " + status);
                }
                CheckpointStatsCounts counts = checkpoints(cluster, graph).getCounts();
                if (counts.getNumberOfCompletedCheckpoints() == 0) {
                    before = new Progress(EMITTED.get(), System.nanoTime(), counts.getNumberOfFailedCheckpoints());
                }
                Thread.sleep(200);
            }
            double seconds = (System.nanoTime() - before.nanos()) / 1e9;
            double rate = (EMITTED.get() - before.changes()) / seconds;
            cluster.stopWithSavepoint(
                            graph.getJobID(),
                            Files.createTempDirectory("savepoint").toUri().toString(),
                            false,
                            SavepointFormatType.CANONICAL)
                    .get();
            CheckpointStatsSnapshot stats = checkpoints(cluster, graph);
            Json.write(
                    result,
                    new StreamResult(
                            EMITTED.get(),
                            rate,
                            stats.getCounts().getNumberOfCompletedCheckpoints(),
                            stats.getCounts().getNumberOfFailedCheckpoints() - before.refusedCheckpoints(),
                            stats.getSummaryStats().getEndToEndDurationStats().getMaximum() / 1e3));
        }
        return 0;
    }

    private static CheckpointStatsSnapshot checkpoints(MiniCluster cluster, JobGraph graph) throws Exception {
        return Objects.requireNonNull(
                cluster.getExecutionGraph(graph.getJobID()).get().getCheckpointStatsSnapshot());
    }

    private void topology(StreamExecutionEnvironment environment) throws Exception {
        ParcelHistory parcels = Json.read(history, ParcelHistory.class);
        @SuppressWarnings("unchecked")
        Map<String, String> properties = Json.read(catalog, Map.class);
        DataStream<Long> changes = environment
                .fromSource(
                        new DataGeneratorSource<>(
                                number -> number, Long.MAX_VALUE, RateLimiterStrategy.perSecond(rate), Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "Changes",
                        Types.LONG)
                .setParallelism(1)
                .uid("changes")
                .map(change -> {
                    EMITTED.incrementAndGet();
                    return change;
                })
                .returns(Types.LONG)
                .setParallelism(1)
                .uid("count");
        sink.append(changes, parcels, properties, PARALLELISM);
    }

    private static Configuration settings() throws Exception {
        Configuration settings = new Configuration();
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                Files.createTempDirectory("checkpoints").toUri().toString());
        settings.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofMinutes(10));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        settings.set(RestOptions.BIND_PORT, "0");
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        return settings;
    }
}

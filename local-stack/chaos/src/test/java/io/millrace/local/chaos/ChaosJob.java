package io.millrace.local.chaos;

import io.millrace.iceberg.CatalogLoader;
import io.millrace.iceberg.KeyIndexedUpsertSink;
import io.millrace.local.flink.RetainedCheckpoints;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * A Flink cluster in a process of its own that can be killed. Obeys on standard input:
 *
 * <pre>
 * run FILE   run the job that the properties file describes, from its newest checkpoint or savepoint if there is one
 * drain      let the job end, with everything committed; says whether it has, is still there, or has ended otherwise
 * </pre>
 */
public final class ChaosJob {
    private static final int SLOTS = 4;
    private static final String METADATA = "_metadata";

    private final MiniCluster cluster;
    private JobID job = new JobID();
    private Path savepoints = Path.of("");

    private ChaosJob(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /** Runs until standard input ends. */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        // Whatever else writes to standard output must not be taken for an answer.
        System.setOut(System.err);
        Configuration settings = new Configuration();
        settings.set(RestOptions.BIND_PORT, "0");
        settings.set(RestOptions.ADDRESS, "127.0.0.1");
        try (MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build())) {
            cluster.start();
            ChaosJob job = new ChaosJob(cluster);
            answers.println("ready");
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                answers.println(job.obey(line));
            }
        }
        System.exit(0);
    }

    private String obey(String line) {
        try {
            if (line.startsWith("run ")) {
                return run(Path.of(line.substring("run ".length())));
            }
            return drain();
        } catch (Exception e) {
            return "failed " + String.valueOf(e).lines().findFirst().orElse("");
        }
    }

    private String run(Path file) throws Exception {
        Properties told = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            told.load(in);
        }
        Path directory = Path.of(told.getProperty("directory"));
        String checkpoints = directory.resolve("checkpoints").toUri().toString();
        savepoints = directory.resolve("savepoints");
        JobGraph graph = graph(told, checkpoints, directory.resolve("last"));
        Optional<String> newest = newest(checkpoints, savepoints);
        newest.ifPresent(path -> graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(path, false)));
        job = cluster.submitJob(graph).get().getJobID();
        return "running " + newest.orElse("from the beginning");
    }

    /** A drain whose last commit failed has left a savepoint, which still has to commit it. */
    private static Optional<String> newest(String checkpoints, Path savepoints) throws IOException {
        Stream.Builder<Path> restorable = Stream.builder();
        RetainedCheckpoints.under(checkpoints)
                .newest()
                .map(URI::create)
                .map(Path::of)
                .ifPresent(restorable);
        if (Files.exists(savepoints)) {
            try (Stream<Path> left = Files.list(savepoints)) {
                left.filter(path -> Files.exists(path.resolve(METADATA))).forEach(restorable);
            }
        }
        return restorable
                .build()
                .max(Comparator.comparing(ChaosJob::written))
                .map(path -> path.toUri().toString());
    }

    private static FileTime written(Path checkpoint) {
        try {
            return Files.getLastModifiedTime(checkpoint.resolve(METADATA));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String drain() throws Exception {
        try {
            cluster.stopWithSavepoint(job, savepoints.toUri().toString(), true, SavepointFormatType.NATIVE)
                    .get();
        } catch (ExecutionException e) {
            if (cluster.getJobStatus(job).get().isGloballyTerminalState()) {
                return "ended";
            }
            throw e;
        }
        return cluster.requestJobResult(job).get().isSuccess() ? "drained" : "ended";
    }

    private static JobGraph graph(Properties told, String checkpoints, Path last) {
        RunSettings run = RunSettings.of(Long.parseLong(told.getProperty("seed")));
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.MAX_PARALLELISM, 60);
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints);
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(400));
        settings.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
        settings.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(settings);
        int parallelism = Integer.parseInt(told.getProperty("parallelism"));
        env.setParallelism(parallelism);
        var numbers = new DataGeneratorSource<>(
                number -> number,
                Long.MAX_VALUE,
                RateLimiterStrategy.perSecond(Integer.parseInt(told.getProperty("rate"))),
                Types.LONG);
        var changes = env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
                .setParallelism(1)
                .uid("numbers")
                .flatMap(new Changes(run.logs(), last.toString()))
                .returns(Types.TUPLE(Types.INT, Types.LONG, Types.LONG))
                .setParallelism(1)
                .uid("changes");
        KeyIndexedUpsertSink.forChanges(new LogReader(RunSettings.namespace(run.seed()), run.logs()))
                .catalog(CatalogLoader.ofProperties(
                        "chaos",
                        ChaosServers.catalogProperties(
                                Integer.parseInt(told.getProperty("catalog-port")),
                                Integer.parseInt(told.getProperty("s3-port")))))
                .pipeline("chaos")
                .tables(run.tables())
                .commitInterval(Duration.ofMillis(run.commitIntervalMillis()))
                .commitTimeout(Duration.ofMillis(run.commitTimeoutMillis()))
                .bufferBytes(run.bufferBytes())
                .openFiles(3)
                .appendTo(changes.keyBy(change -> Tuple2.of(change.f0, change.f1), Types.TUPLE(Types.INT, Types.LONG)));
        return env.getStreamGraph().getJobGraph();
    }

    /** From a number to the changes of that number: a row and the clock, in each table. */
    private static final class Changes extends RichFlatMapFunction<Long, Tuple3<Integer, Long, Long>> {
        private static final long serialVersionUID = 1L;

        private final List<ChangeLog> logs;
        private final String file;
        private transient long last;

        Changes(List<ChangeLog> logs, String file) {
            this.logs = new java.util.ArrayList<>(logs);
            this.file = file;
        }

        @Override
        public void open(OpenContext context) {
            last = -1;
        }

        @Override
        public void flatMap(Long number, Collector<Tuple3<Integer, Long, Long>> out) {
            for (int table = 0; table < logs.size(); table++) {
                out.collect(Tuple3.of(table, logs.get(table).key(number), number));
                out.collect(Tuple3.of(table, ChangeLog.CLOCK, number));
            }
            last = number;
        }

        /** Says where the stream has ended, so that a lost end is noticed. */
        @Override
        public void close() {
            try {
                if (last >= 0) {
                    Files.writeString(Path.of(file), Long.toString(last));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

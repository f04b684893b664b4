package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.measure.Stopwatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecution;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * A job that writes a history into a table round by round: a round's rows, then a checkpoint. The commit of a round goes on
 * while the next round's rows flow, as in any job.
 */
final class RoundJob implements AutoCloseable {
    private static final Duration NEVER = Duration.ofDays(365);
    private static final Duration CHECKPOINT_TIMEOUT = Duration.ofHours(2);
    private static final int POLL_MILLIS = 20;

    private final MiniCluster cluster;
    private final JobID job;
    private final Rounds rounds;

    private RoundJob(MiniCluster cluster, JobID job, Rounds rounds) {
        this.cluster = cluster;
        this.job = job;
        this.rounds = rounds;
    }

    /**
     * What is to run.
     *
     * @param firstChange the change of the history to begin with
     */
    record Plan(
            Contender contender,
            History history,
            long firstChange,
            Map<String, String> catalog,
            TableIdentifier table,
            int parallelism) {}

    /**
     * Starts the job and returns when all its tasks run.
     *
     * @param checkpoint a checkpoint's address to start from, or null to start without state
     */
    static RoundJob start(Plan plan, Configuration settings, @Nullable String checkpoint) throws Exception {
        Configuration own = new Configuration(settings);
        if (checkpoint != null) {
            own.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(own);
        environment.setParallelism(plan.parallelism());
        environment.enableCheckpointing(NEVER.toMillis());
        environment.getCheckpointConfig().setCheckpointTimeout(CHECKPOINT_TIMEOUT.toMillis());
        Rounds rounds = Rounds.restart();
        History history = plan.history();
        long first = plan.firstChange();
        DataStream<RowData> rows = environment
                .fromSource(
                        new DataGeneratorSource<>(
                                number -> Orders.row(history, first + number),
                                Long.MAX_VALUE,
                                new Rounds.Strategy(),
                                Orders.type()),
                        WatermarkStrategy.noWatermarks(),
                        "Changes",
                        Orders.type())
                .uid("changes")
                .setParallelism(1);
        plan.contender().append(rows, plan.catalog(), plan.table(), plan.parallelism());
        MiniCluster cluster = LocalCluster.start(own, plan.parallelism());
        var graph = environment.getStreamGraph().getJobGraph();
        cluster.submitJob(graph).get();
        RoundJob started = new RoundJob(cluster, graph.getJobID(), rounds);
        try {
            started.awaitRunning();
            started.await(rounds.drained());
        } catch (Exception e) {
            started.close();
            throw e;
        }
        return started;
    }

    private void awaitRunning() throws Exception {
        while (!running(executions(graph()))) {
            if (graph().getState().isTerminalState()) {
                throw failure();
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean running(List<AccessExecution> tasks) {
        // A job that has just been submitted has no tasks yet.
        return !tasks.isEmpty() && tasks.stream().allMatch(task -> task.getState() == ExecutionState.RUNNING);
    }

    /** Lets a round's rows through and takes a checkpoint; returns what both took. */
    Cost round(long rows) throws Exception {
        Stopwatch stopwatch = new Stopwatch();
        rounds.release(rows);
        await(rounds.drained());
        await(cluster.triggerCheckpoint(job, CheckpointType.CONFIGURED));
        return stopwatch.read();
    }

    /** Returns when the last round's commit is over: a sink has dealt with a checkpoint before it takes part in the next. */
    Cost settle() throws Exception {
        Stopwatch stopwatch = new Stopwatch();
        await(cluster.triggerCheckpoint(job, CheckpointType.CONFIGURED));
        return stopwatch.read();
    }

    CompletedCheckpointStats lastCheckpoint() throws Exception {
        return Objects.requireNonNull(Objects.requireNonNull(graph().getCheckpointStatsSnapshot())
                .getHistory()
                .getLatestCompletedCheckpoint());
    }

    /** The longest time that a task took from its start to its first row: state restored, or rebuilt. */
    double initializingSeconds() throws Exception {
        return executions(graph()).stream()
                        .mapToLong(task -> task.getStateTimestamp(ExecutionState.RUNNING)
                                - task.getStateTimestamp(ExecutionState.INITIALIZING))
                        .max()
                        .orElseThrow()
                / 1e3;
    }

    private void await(CompletableFuture<?> future) throws Exception {
        CompletableFuture.anyOf(future, cluster.requestJobResult(job)).get();
        if (!future.isDone()) {
            throw failure();
        }
        future.get();
    }

    private Exception failure() throws Exception {
        var result = cluster.requestJobResult(job).get();
        return new IllegalStateException(
                "Cannot finish the job: it ended as " + result.getApplicationStatus(),
                result.getSerializedThrowable().orElse(null));
    }

    private AccessExecutionGraph graph() throws Exception {
        return cluster.getExecutionGraph(job).get();
    }

    private static List<AccessExecution> executions(AccessExecutionGraph graph) {
        List<AccessExecution> executions = new ArrayList<>();
        StreamSupport.stream(graph.getVerticesTopologically().spliterator(), false)
                .map(AccessExecutionJobVertex::getTaskVertices)
                .forEach(vertices -> {
                    for (AccessExecutionVertex vertex : vertices) {
                        executions.add(vertex.getCurrentExecutionAttempt());
                    }
                });
        return executions;
    }

    @Override
    public void close() throws Exception {
        if (!graph().getState().isTerminalState()) {
            cluster.cancelJob(job).get();
            cluster.requestJobResult(job).get();
        }
        cluster.close();
    }
}

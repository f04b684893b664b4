package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.demo.workload.Workload;
import io.millrace.local.demo.workload.WorkloadConfig;
import io.millrace.local.stack.Endpoints;
import java.sql.SQLException;
import org.awaitility.Awaitility;

/** The demo's workload on the database of a pipeline, in the background. */
final class LiveWorkload implements AutoCloseable {
    private final Workload workload;
    private final long seed;

    private LiveWorkload(Workload workload, long seed) {
        this.workload = workload;
        this.seed = seed;
    }

    /** Starts it, with so many changes a second. */
    static LiveWorkload start(LivePipeline live, int rate, long seed) {
        Endpoints.Jdbc database = live.database("shop");
        return new LiveWorkload(
                Workload.start(WorkloadConfig.inOneDatabase(
                        new WorkloadConfig.Login(database.jdbcUrl(), database.user(), database.password()),
                        rate,
                        2,
                        seed)),
                seed);
    }

    /** Waits until it has made so many changes since its start. */
    void await(long changes) {
        Awaitility.await()
                .atMost(LivePipeline.PATIENCE)
                .until(() -> workload.failure() != null || workload.counts().changes() >= changes);
        assertThat(workload.failure()).as("seed %d", seed).isNull();
    }

    /** Waits until it has made so many changes more. */
    void awaitMore(long changes) {
        await(workload.counts().changes() + changes);
    }

    /** Ends it, after the transactions under way. */
    void finish() throws InterruptedException, SQLException {
        workload.stop();
        assertThat(workload.failure()).as("seed %d", seed).isNull();
    }

    @Override
    public void close() {
        workload.close();
    }
}

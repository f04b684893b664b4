package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.demo.workload.Workload;
import io.millrace.local.demo.workload.WorkloadConfig;
import io.millrace.local.stack.Endpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One stack, started by {@code up}, with the demo's tables and some that the product has never seen. The tests build on
 * each other, as starting a stack takes its time; each one ends with a comparison of all rows.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelineIT {
    private static final long SEED = Long.getLong("seed", 42);

    private static LivePipeline live;

    @BeforeAll
    static void startTheStack() throws Exception {
        String script = Files.readString(Path.of("../../pipelines/logistics.sql"))
                + Files.readString(Path.of("../../pipelines/helpdesk.sql"))
                + LivePipeline.resource("types.sql");
        live = LivePipeline.start("pipeline", 1300, LivePipeline.resource("pipeline.yaml"), Map.of("init.sql", script));
    }

    @AfterAll
    static void stopTheStack() throws Exception {
        live.stop();
    }

    @Test
    @Order(1)
    void everyTypeArrivesAsItIs() throws Exception {
        live.run("shop", LivePipeline.resource("types-changes.sql"));

        live.assertEqual("--table", "every_type", "--table", "composite_key", "--table", "large_rows");
    }

    @Test
    @Order(2)
    void killedProcessesLoseNothing() throws Exception {
        try (Workload workload = work()) {
            awaitChanges(workload, 500);
            live.kill("capture");
            awaitChanges(workload, 1_000);
            live.kill("flink");
            awaitChanges(workload, 1_500);
            live.kill("capture", "flink");
            awaitChanges(workload, 2_000);
            workload.stop();
            assertThat(workload.failure()).as("seed %d", SEED).isNull();
        }

        live.assertEqual();
    }

    @Test
    @Order(3)
    void killedLauncherLeavesNoProcess() throws Exception {
        try (Workload workload = work()) {
            awaitChanges(workload, 500);
            live.killLauncher();
        }
        Processes.assertNoneLeft(live.data());

        live.startAgain();
    }

    @Test
    @Order(4)
    void killedLauncherLosesNothing() throws Exception {
        try (Workload workload = work()) {
            awaitChanges(workload, 300);
            workload.stop();
        }

        live.assertEqual();
    }

    private static Workload work() {
        Endpoints.Jdbc database = live.database("shop");
        return Workload.start(WorkloadConfig.inOneDatabase(
                new WorkloadConfig.Login(database.jdbcUrl(), database.user(), database.password()), 150, 2, SEED));
    }

    private static void awaitChanges(Workload workload, long changes) {
        Awaitility.await()
                .atMost(LivePipeline.PATIENCE)
                .until(() -> workload.failure() != null || workload.counts().changes() >= changes);
    }
}

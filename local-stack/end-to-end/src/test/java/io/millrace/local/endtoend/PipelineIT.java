package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.demo.workload.Workload;
import io.millrace.local.demo.workload.WorkloadConfig;
import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.OtherStack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path HOME = Path.of("target/pipeline").toAbsolutePath();
    private static final Path DATA = HOME.resolve("data");
    private static final Path PIPELINE = HOME.resolve("pipeline.yaml");

    private static Command up;
    private static int runs;

    @BeforeAll
    static void startTheStack() throws Exception {
        Files.createDirectories(HOME);
        Files.writeString(PIPELINE, resource("pipeline.yaml"));
        Files.writeString(
                HOME.resolve("init.sql"),
                Files.readString(Path.of("../../pipelines/logistics.sql")) + resource("types.sql"));
        up = start();
    }

    @AfterAll
    static void stopTheStack() throws Exception {
        Command down = millrace("down", "--data", DATA.toString());

        assertThat(down.exitCode(PATIENCE)).as(down.output()).isZero();
        assertThat(up.exitCode(PATIENCE)).as(up.output()).isNotNegative();
        Processes.assertNoneLeft(DATA);
    }

    @Test
    @Order(1)
    void everyTypeArrivesAsItIs() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(resource("types-changes.sql"));
        }

        assertEqual("--table", "every_type", "--table", "composite_key", "--table", "large_rows");
    }

    @Test
    @Order(2)
    void killedProcessesLoseNothing() throws Exception {
        try (Workload workload = work()) {
            awaitChanges(workload, 500);
            kill("capture");
            awaitChanges(workload, 1_000);
            kill("flink");
            awaitChanges(workload, 1_500);
            kill("capture", "flink");
            awaitChanges(workload, 2_000);
            workload.stop();
            assertThat(workload.failure()).as("seed %d", SEED).isNull();
        }

        assertEqual();
    }

    @Test
    @Order(3)
    void killedLauncherLeavesNoProcess() throws Exception {
        try (Workload workload = work()) {
            awaitChanges(workload, 500);
            up.kill();
        }
        Processes.assertNoneLeft(DATA);

        up = start();
    }

    @Test
    @Order(4)
    void killedLauncherLosesNothing() throws Exception {
        try (Workload workload = work()) {
            awaitChanges(workload, 300);
            workload.stop();
        }

        assertEqual();
    }

    private static Command start() throws Exception {
        Command started = Command.start(
                HOME.resolve("up-" + runs++ + ".txt"),
                Map.of(),
                "up",
                "--pipeline",
                PIPELINE.toString(),
                "--data",
                DATA.toString(),
                "--port-offset",
                "1300");
        awaitHealthy(started);
        return started;
    }

    private static void awaitHealthy(Command command) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            assertThat(command.isRunning()).as(command.output()).isTrue();
            return OtherStack.in(DATA).isRunning()
                    && OtherStack.in(DATA)
                            .endpoints()
                            .filter(OtherStack::isHealthy)
                            .isPresent();
        });
    }

    private static void kill(String... components) {
        Endpoints endpoints = endpoints();
        List<Long> pids = new ArrayList<>();
        for (String component : components) {
            pids.add(endpoints.component(component).pid());
        }
        pids.forEach(Processes::kill);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> List.of(components).stream()
                        .noneMatch(name ->
                                pids.contains(endpoints().component(name).pid())));
        awaitHealthy(up);
    }

    private static void assertEqual(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(
                List.of("reconcile", "--pipeline", PIPELINE.toString(), "--data", DATA.toString(), "--settle", "90s"));
        line.addAll(List.of(arguments));
        Command reconcile = millrace(line.toArray(String[]::new));

        assertThat(reconcile.exitCode(PATIENCE))
                .as("seed %d: %s", SEED, reconcile.output())
                .isZero();
        assertThat(reconcile.output()).contains("mismatches: 0");
    }

    private static Workload work() {
        Endpoints.Jdbc database = database();
        return Workload.start(
                new WorkloadConfig(database.jdbcUrl(), database.user(), database.password(), 150, 2, SEED));
    }

    private static void awaitChanges(Workload workload, long changes) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> workload.failure() != null || workload.counts().changes() >= changes);
    }

    private static Connection connect() throws Exception {
        Endpoints.Jdbc database = database();
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    private static Endpoints.Jdbc database() {
        return Objects.requireNonNull(
                endpoints().sources().values().iterator().next().database());
    }

    private static Endpoints endpoints() {
        return OtherStack.in(DATA).endpoints().orElseThrow();
    }

    private static Command millrace(String... arguments) throws Exception {
        return Command.run(HOME.resolve(arguments[0] + "-" + runs++ + ".txt"), arguments);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PipelineIT.class.getResourceAsStream("/pipelines/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.demo.workload.Workload;
import io.millrace.local.demo.workload.WorkloadConfig;
import io.millrace.local.stack.Endpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

    /** {@code -Dmillrace.kills=20} for more of them. */
    @Test
    @Order(3)
    void compactionsBesideTheStreamChangeNoRowKilledOrNot() throws Exception {
        int kills = Integer.getInteger("millrace.kills", 1);
        Random random = new Random(SEED);
        String[] all = {"--cool-down", "0s", "--table", "shop.shipment_events", "--table", "shop.tickets"};
        try (Workload workload = work()) {
            awaitChanges(workload, 500);
            long start = System.nanoTime();
            assertThat(groups(live.batch("compact", all)))
                    .as("every group lands, whatever the stream commits meanwhile")
                    .isNotEmpty()
                    .containsOnly("done");
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            for (int kill = 0; kill < kills; kill++) {
                Command killed = live.startBatch("compact", all);
                Thread.sleep(random.nextLong(took));
                Processes.killSpark(live.data());
                killed.exitCode(LivePipeline.PATIENCE);
                if (kills > 1) {
                    live.assertEqual("--table", "shipment_events", "--table", "tickets");
                }
            }
            awaitChanges(workload, workload.counts().changes() + 500);
            assertThat(groups(live.batch("compact", all))).isNotEmpty().containsOnly("done");
            workload.stop();
            assertThat(workload.failure()).as("seed %d", SEED).isNull();
        }

        live.assertEqual();
        try (LiveCatalog catalog = LiveCatalog.of(live.endpoints())) {
            assertThat(List.of("shop.shipment_events", "shop.tickets"))
                    .as("nothing is left of killed runs")
                    .allSatisfy(table -> assertThat(catalog.files(table, "metadata/compaction-runs/"))
                            .noneMatch(file -> file.endsWith(".run")));
        }
    }

    @Test
    @Order(4)
    void dryRunTellsThePlanAndDailyTablesHoldWhatTheSourceHolds() throws Exception {
        DayThatEnds day = DayThatEnds.at(Instant.now());
        Path marts =
                live.write("marts.yaml", LivePipeline.resource("marts.yaml").formatted(day.zone()));
        long snapshot;
        try (LiveCatalog catalog = LiveCatalog.of(live.endpoints())) {
            snapshot = catalog.table("shop.customers").currentSnapshot().snapshotId();
        }

        JsonNode plan = live.batch("compact", "--cool-down", "0s", "--dry-run");
        JsonNode daily = live.batch(
                "daily", "--marts", marts.toString(), "--date", day.date().toString(), "--settle", "0s");

        assertThat(plan.at("/tables")).isNotEmpty().allMatch(table -> table.has("plan") && !table.has("result"));
        assertThat(daily.at("/runs/0/published").asBoolean())
                .as(daily.toString())
                .isTrue();
        try (LiveCatalog catalog = LiveCatalog.of(live.endpoints())) {
            assertThat(catalog.table("shop.customers").currentSnapshot().snapshotId())
                    .isEqualTo(snapshot);
            assertThat(catalog.rows("shop_marts.daily_services", "day", "business", "service", "shipments", "attempts"))
                    .isNotEmpty()
                    .isEqualTo(services(day.date()));
        }
    }

    private static List<String> groups(JsonNode compacted) {
        List<String> outcomes = new ArrayList<>();
        compacted
                .at("/tables")
                .forEach(table -> table.at("/result/groups")
                        .forEach(group -> outcomes.add(group.path("outcome").asText())));
        return outcomes;
    }

    /** What the daily table must hold, computed by the source. */
    private static List<String> services(LocalDate day) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = live.connect("shop");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("""
                        SELECT c.business, s.service, count(*), coalesce(sum(s.attempts), 0)
                        FROM shipments s JOIN customers c USING (customer_id) GROUP BY c.business, s.service""")) {
            while (result.next()) {
                rows.add(day + " " + result.getBoolean(1) + " " + result.getString(2) + " " + result.getLong(3) + " "
                        + result.getLong(4));
            }
        }
        rows.sort(null);
        return rows;
    }

    @Test
    @Order(5)
    void killedLauncherLeavesNoProcess() throws Exception {
        try (Workload workload = work()) {
            awaitChanges(workload, 500);
            live.killLauncher();
        }
        Processes.assertNoneLeft(live.data());

        live.startAgain();
    }

    @Test
    @Order(6)
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

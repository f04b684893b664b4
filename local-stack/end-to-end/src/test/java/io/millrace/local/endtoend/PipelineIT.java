package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.Record;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * One stack, started by {@code up}, with the demo's tables and some that the product has never seen, two of which have
 * masks. The tests build on each other, as starting a stack takes its time; each one ends with a comparison of all rows.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelineIT {
    private static final long SEED = Long.getLong("seed", 42);

    private static final List<String> UNMASKED = List.of(
            "shipments", "shipment_events", "tickets", "every_type", "composite_key", "rare_types", "large_rows");

    @AutoClose
    private static LivePipeline live;

    private static Secrets secrets;

    @BeforeAll
    static void startTheStack() throws Exception {
        String script = Files.readString(Path.of("../../pipelines/logistics.sql"))
                + Files.readString(Path.of("../../pipelines/helpdesk.sql"))
                + LivePipeline.resource("types.sql")
                + LivePipeline.resource("people.sql");
        live = LivePipeline.start("pipeline", 2000, LivePipeline.resource("pipeline.yaml"), Map.of("init.sql", script));
        secrets = new Secrets(live);
    }

    @Test
    @Order(1)
    void everyTypeArrivesAsItIs() throws Exception {
        live.run("shop", LivePipeline.resource("types-changes.sql"));

        live.assertEqual(
                "--table", "every_type", "--table", "composite_key", "--table", "rare_types", "--table", "large_rows");
    }

    /** Rows that are refused meanwhile take no other row with them. */
    @Test
    @Order(2)
    void killedProcessesLoseNothing() throws Exception {
        secrets.plant();
        try (LiveWorkload workload = LiveWorkload.start(live, 150, SEED)) {
            workload.await(500);
            live.kill("capture-shop");
            workload.await(1_000);
            live.kill("capture-shop-dms", "flink");
            workload.await(1_500);
            workload.finish();
        }

        live.assertEqual(unmasked("--table", "customers"));
    }

    /**
     * Not in the logs, reports and answers of any component, not in dead letters and their review, not in a target: after
     * rows and records that ended badly, and processes that were killed with them.
     */
    @Test
    @Order(3)
    void noMaskedValueIsShownAnywhere() throws Exception {
        live.awaitLetters(Secrets.REFUSED);
        Answer differences = live.reconcile("--table", "people", "--settle", "1s", "--json");
        live.reconcile("--table", "people", "--settle", "1s");
        live.replay("table=public.people");
        secrets.takeBackWhatWasRefused();
        awaitMinuteOfPeople();
        live.assertEqual("--table", "people", "--table", "customers");

        Evidence evidence = secrets.gather();

        assertThat(differences.exitCode()).as(differences.output()).isEqualTo(1);
        assertThat(evidence.of(Secrets.SHOWN))
                .as("what is searched, where it may be")
                .hasSizeGreaterThan(1);
        assertThat(evidence.of("malformed"))
                .as("dead letters in what is searched")
                .hasSizeGreaterThan(3);
        assertThat(evidence.of("end-to-end\tshop\tpublic.people\t"))
                .as("minutes of a table that has a rule of volume")
                .hasSize(1);
        assertThat(evidence.of("usual_changes_per_minute"))
                .as("its volume in the status")
                .isNotEmpty();
        assertThat(evidence.of("iceberg_latency_ms{"))
                .as("its latency among the metrics")
                .isNotEmpty();
        List<String> secret = new ArrayList<>(Secrets.VALUES);
        secret.addAll(secrets.customers());
        secret.add(Files.readString(live.data().resolve("masking.key")).strip());
        List<String> found = new ArrayList<>();
        secret.forEach(value -> found.addAll(evidence.of(value)));
        assertThat(found).as("of %d texts", evidence.size()).isEmpty();
    }

    /** A minute is over, and in its table, once something of a later one has come. */
    private static void awaitMinuteOfPeople() throws Exception {
        try (LiveCatalog catalog = LiveCatalog.of(live)) {
            Awaitility.await()
                    .atMost(LivePipeline.PATIENCE)
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> {
                        live.run("shop", "UPDATE composite_key SET note = note");
                        return catalog.tables("ops").contains("ops.ingestion_minutes")
                                && catalog.rows("ops.ingestion_minutes", "source", "source_table")
                                        .contains("shop public.people");
                    });
        }
    }

    /** Takes minutes, as each command starts Spark: {@code -Dmillrace.batch=true}; {@code -Dmillrace.kills=20} for more kills. */
    @Test
    @Order(4)
    @EnabledIfSystemProperty(named = "millrace.batch", matches = "true")
    void compactionsBesideTheStreamChangeNoRowKilledOrNot() throws Exception {
        int kills = Integer.getInteger("millrace.kills", 1);
        Random random = new Random(SEED);
        String[] all = {"--cool-down", "0s", "--table", "shop.shipment_events", "--table", "shop.tickets"};
        try (LiveWorkload workload = LiveWorkload.start(live, 150, SEED)) {
            workload.await(500);
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
            workload.awaitMore(500);
            assertThat(groups(live.batch("compact", all))).isNotEmpty().containsOnly("done");
            workload.finish();
        }

        live.assertEqual();
        try (LiveCatalog catalog = LiveCatalog.of(live)) {
            assertThat(List.of("shop.shipment_events", "shop.tickets"))
                    .as("nothing is left of killed runs")
                    .allSatisfy(table -> assertThat(catalog.files(table, "metadata/compaction-runs/"))
                            .noneMatch(file -> file.endsWith(".run")));
        }
    }

    @Test
    @Order(5)
    @EnabledIfSystemProperty(named = "millrace.batch", matches = "true")
    void dryRunTellsThePlanAndDailyTablesHoldWhatTheSourceHolds() throws Exception {
        // The stream is at rest, whatever a test before this one has left.
        live.assertEqual();
        DayThatEnds day = DayThatEnds.at(Instant.now());
        Path marts =
                live.write("marts.yaml", LivePipeline.resource("marts.yaml").formatted(day.zone()));
        long snapshot;
        try (LiveCatalog catalog = LiveCatalog.of(live)) {
            snapshot = catalog.table("shop.customers").currentSnapshot().snapshotId();
        }

        JsonNode plan = live.batch("compact", "--cool-down", "0s", "--dry-run");
        JsonNode daily = live.batch(
                "daily", "--marts", marts.toString(), "--date", day.date().toString(), "--settle", "0s");

        assertThat(plan.at("/tables")).isNotEmpty().allMatch(table -> table.has("plan") && !table.has("result"));
        assertThat(daily.at("/runs/0/published").asBoolean())
                .as(daily.toString())
                .isTrue();
        try (LiveCatalog catalog = LiveCatalog.of(live)) {
            assertThat(catalog.table("shop.customers").currentSnapshot().snapshotId())
                    .isEqualTo(snapshot);
            assertThat(catalog.rows("shop_marts.daily_services", "day", "business", "service", "shipments", "attempts"))
                    .isNotEmpty()
                    .isEqualTo(services(day.date()));
        }
    }

    @Test
    @Order(6)
    @EnabledIfSystemProperty(named = "millrace.batch", matches = "true")
    void landedFilesAreLoadedOnceAndTheirBrokenLinesAreDeadLetters() throws Exception {
        Path folder = Files.createDirectories(live.home().resolve("landing"));
        String landing = live.write(
                        "landing.yaml", LivePipeline.resource("landing.yaml").formatted(folder))
                .toString();
        Files.writeString(folder.resolve("20240729-000000001.csv"), "Op,id,rating\nI,1,4.5\nI,2,3.0\nI,x,1.0\n");
        Files.writeString(folder.resolve("20240729-000000002.csv"), "Op,id,rating\nU,1,4.7\nD,2,\n");

        JsonNode first = live.batch("load", "--landing", landing, "--approve");
        JsonNode second = live.batch("load", "--landing", landing, "--approve");

        assertThat(first.at("/zones/0/files/loaded").asInt()).isEqualTo(2);
        assertThat(second.at("/zones/0/files/loaded").asInt()).isZero();
        try (LiveCatalog catalog = LiveCatalog.of(live)) {
            assertThat(catalog.rows("raw.carriers", "id", "rating")).containsExactly("1 4.7");
            assertThat(catalog.rows("ops.dead_letters", "code", "source_table", "shard"))
                    .contains("INVALID_VALUE carriers.public.carriers 20240729-000000001.csv");
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
    @Order(7)
    void killedLauncherLeavesNoProcess() throws Exception {
        try (LiveWorkload workload = LiveWorkload.start(live, 150, SEED)) {
            workload.await(500);
            live.killLauncher();
        }
        Processes.assertNoneLeft(live.data());

        live.startAgain();
    }

    @Test
    @Order(8)
    void killedLauncherLosesNothing() throws Exception {
        try (LiveWorkload workload = LiveWorkload.start(live, 150, SEED)) {
            workload.await(300);
            workload.finish();
        }

        live.assertEqual();
    }

    @Test
    @Order(9)
    @EnabledIfSystemProperty(named = "millrace.tampering", matches = "true")
    void checksumsAreTheSameOnAllSidesForEveryType() throws Exception {
        live.run("shop", """
                INSERT INTO every_type
                SELECT 10000 + n, a_boolean, a_smallint, an_integer, a_bigint, a_real, a_double, a_numeric, an_amount,
                  CASE WHEN n % 2 = 0 THEN '' END, a_varchar, a_char, some_bytes, a_date, a_time, a_timestamp,
                  a_timestamptz, a_uuid, a_jsonb, some_texts, some_numbers, a_mood
                FROM generate_series(0, 399) AS n JOIN every_type ON id = 1 + n % 2
                """);
        live.assertEqual(unmasked("--checksums-from", "1"));

        Answer again = live.reconcile(unmasked("--checksums-from", "1", "--json"));

        JsonNode report = json(again);
        assertThat(again.exitCode()).isZero();
        for (JsonNode table : report.get("tables")) {
            assertThat(table.get("method").asText()).isEqualTo("checksums");
            for (JsonNode target : table.get("targets")) {
                assertThat(target.get("rows_read").asLong())
                        .as("rows of %s in %s that were read, as their checksums differ", table.get("table"), target)
                        .isZero();
            }
        }
    }

    @Test
    @Order(10)
    @EnabledIfSystemProperty(named = "millrace.tampering", matches = "true")
    void plantedDifferencesAreFoundAndNothingElse() throws Exception {
        Set<String> planted = plant();

        Answer reconcile = live.reconcile("--table", "every_type", "--checksums-from", "1", "--settle", "5s", "--json");

        assertThat(reconcile.exitCode()).isEqualTo(1);
        Set<String> found = new TreeSet<>();
        for (JsonNode target : json(reconcile).get("tables").get(0).get("targets")) {
            target.get("differences")
                    .forEach(each -> found.add(target.get("target").asText() + " "
                            + each.get("kind").asText() + " "
                            + each.get("key").get(0).asText() + " "
                            + each.get("columns")));
        }
        assertThat(planted).hasSize(37);
        assertThat(found).isEqualTo(planted);
    }

    @Test
    @Order(11)
    @EnabledIfSystemProperty(named = "millrace.tampering", matches = "true")
    void differencesAreRepairedWhileRowsChange() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            Random random = new Random(SEED);
            while (!stopped.get()) {
                try {
                    int id = 10_000 + random.nextInt(400);
                    live.run(
                            "shop",
                            "UPDATE every_type SET a_varchar = 'at " + System.nanoTime() + "' WHERE id = " + id);
                } catch (SQLException e) {
                    stopped.set(true);
                }
            }
        });
        writer.start();
        Answer repair;
        try (LiveWorkload workload = LiveWorkload.start(live, 150, SEED)) {
            repair = live.reconcile("--table", "every_type", "--checksums-from", "1", "--settle", "60s", "--repair");
            workload.finish();
        } finally {
            stopped.set(true);
            writer.join();
        }

        assertThat(repair.exitCode()).as(repair.output()).isZero();
        assertThat(repair.output()).contains("sent once more").doesNotContain("not sent");
        live.assertEqual("--full");
    }

    /** Makes rows missing, extra, changed, and null instead of empty in both targets; tells what is to be found. */
    private static Set<String> plant() throws Exception {
        Tampering tampering = new Tampering(live);
        Set<String> planted = new TreeSet<>();
        tampering.iceberg(
                TableIdentifier.of("shop", "every_type"),
                row -> {
                    long id = (Long) row.getField("id");
                    if (id > 10_000 && id <= 10_005) {
                        planted.add("iceberg MISSING " + id + " []");
                        return List.of();
                    }
                    boolean changed = id > 10_010 && id <= 10_015;
                    if (changed || (id >= 10_020 && id < 10_028 && id % 2 == 0)) {
                        planted.add("iceberg CHANGED " + id + " [\"a_text\"]");
                        Record copy = row.copy();
                        copy.setField("a_text", changed ? "tampered" : null);
                        return List.of(copy);
                    }
                    return List.of(row);
                },
                LongStream.rangeClosed(20_001, 20_004));
        for (long id = 20_001; id <= 20_004; id++) {
            planted.add("iceberg EXTRA " + id + " []");
        }
        for (long id = 10_101; id <= 10_105; id++) {
            tampering.index("DELETE", "/e2e-every-type/_doc/" + id, "");
            planted.add("opensearch MISSING " + id + " []");
        }
        for (long id : new long[] {10_111, 10_112, 10_113, 10_114, 10_115, 10_121, 10_123, 10_125, 10_127, 10_129}) {
            String text = id < 10_120 ? "tampered" : "";
            tampering.index("POST", "/e2e-every-type/_update/" + id, "{\"doc\": {\"a_text\": \"" + text + "\"}}");
            planted.add("opensearch CHANGED " + id + " [\"a_text\"]");
        }
        for (long id = 30_001; id <= 30_004; id++) {
            tampering.index("PUT", "/e2e-every-type/_doc/" + id, "{\"id\": " + id + "}");
            planted.add("opensearch EXTRA " + id + " []");
        }
        return planted;
    }

    /** Options that choose the tables without masks, and more of them. */
    private static String[] unmasked(String... more) {
        Stream<String> tables = UNMASKED.stream().flatMap(table -> Stream.of("--table", table));
        return Stream.concat(tables, Stream.of(more)).toArray(String[]::new);
    }

    private static JsonNode json(Answer command) throws IOException {
        String output = command.output();
        return new ObjectMapper().readTree(output.substring(output.indexOf('{')));
    }
}

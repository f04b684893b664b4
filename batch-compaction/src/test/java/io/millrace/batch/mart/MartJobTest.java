package io.millrace.batch.mart;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.millrace.batch.DirectoryPipeline;
import io.millrace.batch.LocalSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job, as spark-submit starts it, on tables in a directory. */
class MartJobTest {
    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static final TableIdentifier MART = TableIdentifier.of("marts", "daily");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private DirectoryPipeline pipeline;
    private SparkSession spark;
    private Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(10));

    @BeforeEach
    void writeFiles() throws IOException {
        pipeline = new DirectoryPipeline(folder);
        pipeline.write("lake", "shop.orders");
        marts("""
                marts:
                  - table: marts.daily
                    key: [region]
                    inputs: { orders: shop.orders }
                    steps:
                      - view: totals
                        sql: SELECT region, count(*) AS orders, sum(amount) AS amount FROM orders GROUP BY region
                    checks:
                      - name: no debts
                        violations: SELECT 1 FROM mart WHERE amount < 0
                        because: refunds are not orders
                """);
        spark = pipeline.spark("lake");
        spark.sql("CREATE TABLE lake.shop.orders (id bigint, region string, amount decimal(9, 2)) USING iceberg");
        spark.sql("INSERT INTO lake.shop.orders VALUES (1, 'north', 10.5), (2, 'north', 2), (3, 'south', 7)");
    }

    @Test
    void dayIsPublishedAndARerunReadsTheSameSnapshot() throws Exception {
        assertThat(day(TODAY)).isZero();
        List<String> published = rows();
        List<String> files = dataOf(TODAY);
        spark.sql("INSERT INTO lake.shop.orders VALUES (4, 'south', 1000)");

        assertThat(day(TODAY, "--anew")).isZero();

        assertThat(published).containsExactly("[" + TODAY + ",north,2,12.50]", "[" + TODAY + ",south,1,7.00]");
        assertThat(rows()).isEqualTo(published);
        assertThat(dataOf(TODAY)).as("the same inputs give the same bytes").isEqualTo(files);
    }

    @Test
    void publishedDayIsLeftAsItIs() throws Exception {
        day(TODAY);
        long snapshot = mart().currentSnapshot().snapshotId();

        assertThat(day(TODAY)).isZero();

        assertThat(out.toString()).contains("was published before");
        assertThat(mart().currentSnapshot().snapshotId()).isEqualTo(snapshot);
    }

    @Test
    void failedCheckLeavesThePublishedTableAndSaysWhy() throws Exception {
        day(TODAY);
        List<String> published = rows();
        spark.sql("INSERT INTO lake.shop.orders VALUES (5, 'west', -1)");

        assertThat(day(TODAY.plusDays(1))).isEqualTo(1);

        assertThat(out.toString())
                .contains("check \"no debts\" found 1 violation (refunds are not orders)")
                .contains("the published table is as it was");
        assertThat(rows()).isEqualTo(published);
        assertThat(mart().refs().keySet()).containsExactly("main");
    }

    @Test
    void keyThatComesTwiceIsNotPublished() throws Exception {
        marts("""
                marts:
                  - table: marts.daily
                    key: [region]
                    inputs: { orders: shop.orders }
                    steps: [{ view: rows, sql: SELECT region FROM orders }]
                """);

        assertThat(day(TODAY)).isEqualTo(1);

        assertThat(out.toString()).contains("check \"key is unique\" found 1 violation");
        assertThat(rows()).isEmpty();
    }

    @Test
    void daysOfABackfillAreIndependentAndTheSameCommandRetriesTheFailedOne() throws Exception {
        marts("""
                marts:
                  - table: marts.daily
                    key: [region]
                    inputs: { orders: shop.orders }
                    steps:
                      - view: totals
                        sql: SELECT region, count(*) AS orders FROM orders GROUP BY region
                    checks:
                      - { name: not on that day, violations: "SELECT 1 FROM mart WHERE :day = date'%s' AND orders < 3" }
                """.formatted(TODAY.plusDays(2)));
        String[] range = {"--from", TODAY.toString(), "--to", TODAY.plusDays(4).toString(), "--parallel", "5"};

        assertThat(run(range)).isEqualTo(1);
        assertThat(days()).containsExactly(TODAY, TODAY.plusDays(1), TODAY.plusDays(3), TODAY.plusDays(4));

        marts(Files.readString(folder.resolve("marts.yaml")).replace("orders < 3", "orders < 0"));
        assertThat(run(range)).isZero();
        assertThat(days()).hasSize(5);
    }

    @Test
    void dayWithoutRowsAnyMoreIsEmptied() throws Exception {
        day(TODAY);
        marts(Files.readString(folder.resolve("marts.yaml")).replace("GROUP BY", "WHERE false GROUP BY"));

        assertThat(day(TODAY)).isZero();

        assertThat(rows()).isEmpty();
    }

    @Test
    void newColumnOfAMartIsAddedToItsTable() throws Exception {
        day(TODAY);
        marts(Files.readString(folder.resolve("marts.yaml"))
                .replace("count(*) AS orders", "count(*) AS orders, max(id) AS newest"));

        assertThat(day(TODAY.plusDays(1))).isZero();

        assertThat(rows())
                .contains("[" + TODAY + ",north,2,12.50,null]", "[" + TODAY.plusDays(1) + ",north,2,12.50,2]");
    }

    @Test
    void dayThatHasNotEndedIsNotComputed() throws Exception {
        clock = Clock.systemUTC();

        assertThat(day(TODAY)).isEqualTo(1);

        assertThat(out.toString()).contains("Cannot compute " + TODAY + " yet");
    }

    @Test
    void dayBeforeTheTableBeganHasNoRows() throws Exception {
        assertThat(day(TODAY.minusDays(1))).isZero();

        assertThat(rows()).isEmpty();
    }

    @Test
    void expiredSnapshotIsAFailureAndNoEmptyDay() throws Exception {
        Table orders = pipeline.catalog().loadTable(TableIdentifier.of("shop", "orders"));
        spark.sql("INSERT INTO lake.shop.orders VALUES (6, 'west', 1)");
        orders.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();

        assertThat(day(TODAY.minusDays(1))).isEqualTo(1);

        assertThat(out.toString()).contains("has been expired");
    }

    @Test
    void leftoverOfAKilledRunIsReplaced() throws Exception {
        day(TODAY);
        mart().manageSnapshots()
                .createBranch("millrace_day_" + TODAY.plusDays(1).toString().replace('-', '_') + "_of_a_killed_run")
                .commit();

        assertThat(day(TODAY.plusDays(1))).isZero();

        assertThat(rows()).hasSize(4);
        assertThat(mart().refs().keySet()).containsExactly("main");
    }

    @Test
    void missedDeadlineIsOneAlertAndItsOwnExitCode() throws Exception {
        List<String> alerts = new CopyOnWriteArrayList<>();
        HttpServer hook = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        hook.createContext("/", exchange -> {
            alerts.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        hook.start();
        try {
            int exitCode = day(
                    TODAY,
                    "--deadline",
                    "07:00",
                    "--alert",
                    "http://127.0.0.1:" + hook.getAddress().getPort() + "/x");

            assertThat(exitCode).isEqualTo(3);
            assertThat(alerts).hasSize(1);
            assertThat(alerts.get(0)).contains("Missed", "\"marts\":[\"marts.daily\"]");
            assertThat(rows()).as("published all the same").hasSize(2);
        } finally {
            hook.stop(0);
        }
    }

    @Test
    void mistakesInTheMartFileAreReportedTogether() throws Exception {
        marts("""
                marts:
                  - table: marts.daily
                    key: [region]
                    inputs: { Orders: shop.orders }
                    steps:
                      - { view: a, sql: SELECT 1, join: { left: orders, right: a, on: [id] } }
                      - { view: b }
                    cheks: []
                """);

        assertThat(run("--date", TODAY.toString())).isEqualTo(2);

        assertThat(err.toString())
                .contains("Cannot use Orders as the name of an input")
                .contains("both sql and join")
                .contains("neither sql nor join")
                .contains("Cannot join orders")
                .contains("Did you mean checks?");
    }

    private int day(LocalDate day, String... more) throws InterruptedException {
        List<String> args = new ArrayList<>(List.of("--date", day.toString()));
        args.addAll(Arrays.asList(more));
        return run(args.toArray(String[]::new));
    }

    private int run(String... more) throws InterruptedException {
        List<String> args =
                new ArrayList<>(List.of("--marts", folder.resolve("marts.yaml").toString()));
        args.addAll(Arrays.asList(more));
        return MartJob.run(
                pipeline.commandLine(args.toArray(String[]::new)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                LocalSpark::session,
                clock);
    }

    private void marts(String yaml) throws IOException {
        Files.writeString(folder.resolve("marts.yaml"), yaml);
    }

    private Table mart() {
        return pipeline.catalog().loadTable(MART);
    }

    private List<String> rows() {
        if (!pipeline.catalog().tableExists(MART)) {
            return List.of();
        }
        return spark.table("lake.marts.daily").orderBy("day", "region").collectAsList().stream()
                .map(Object::toString)
                .toList();
    }

    private List<LocalDate> days() {
        return spark.sql("SELECT DISTINCT day FROM lake.marts.daily ORDER BY day").collectAsList().stream()
                .map(row -> row.getDate(0).toLocalDate())
                .toList();
    }

    /** The bytes of a day's data files. */
    private List<String> dataOf(LocalDate day) throws IOException {
        List<String> data = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = mart().newScan()
                .filter(Expressions.equal("day", (int) day.toEpochDay()))
                .planFiles()) {
            for (FileScanTask task : tasks) {
                Path file = Path.of(java.net.URI.create(task.file().location()).getPath());
                data.add(HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return data;
    }
}

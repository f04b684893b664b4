package io.millrace.batch.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.batch.LocalSpark;
import io.millrace.batch.raw.write.ZoneWriter.Step;
import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.mask.MaskingKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole job, as spark-submit starts it, on folders and tables on disk. */
class RawJobTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private SparkSession spark;
    private Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

    @BeforeEach
    void writeFiles() throws IOException {
        writePipeline(folder);
        spark = LocalSpark.session().newSession();
        spark.conf().set("spark.sql.session.timeZone", "UTC");
        spark.conf().set("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog");
        spark.conf().set("spark.sql.catalog.lake.type", "hadoop");
        spark.conf()
                .set(
                        "spark.sql.catalog.lake.warehouse",
                        folder.resolve("warehouse").toUri().toString());
        spark.conf().set("spark.sql.catalog.lake.cache-enabled", "false");
    }

    @Test
    void tableIsProposedFirstAndFilesAreLoadedOnceItIsApproved() throws Exception {
        zone("mode: append");
        land("LOAD00000001.csv", "id,amount,paid,at\n1,2.50,true,2024-02-29 13:05:07.123456\n2,NULL,false,NULL\n");
        land("20240729-005907686.csv", "Op,id,amount,paid,at\nU,1,12.75,true,2024-02-29 13:05:07\n");

        assertThat(load()).isEqualTo(3);

        assertThat(out.toString())
                .contains(
                        "CREATE TABLE raw.orders (id bigint, amount decimal(9,2), paid boolean, at timestamp_ntz) USING"
                                + " iceberg")
                .contains("  amount: decimal(9,2)");
        assertThat(catalogHas("raw.orders")).isFalse();

        assertThat(load("--approve")).isZero();

        assertThat(query("SELECT id, amount, paid, millrace_op, millrace_file, millrace_line FROM lake.raw.orders"
                        + " ORDER BY millrace_file DESC, millrace_line"))
                .containsExactly(
                        "[1,2.50,true,I,LOAD00000001.csv,2]",
                        "[2,null,false,I,LOAD00000001.csv,3]",
                        "[1,12.75,true,U,20240729-005907686.csv,2]");
        assertThat(load()).isZero();
        assertThat(rows("lake.raw.orders")).isEqualTo(3);
    }

    @Test
    void newColumnsWaitForApprovalWhileOtherFilesAreLoaded() throws Exception {
        zone("mode: append");
        land("20240729-000000001.csv", "Op,id\nI,1\n");
        load("--approve");
        land("20240729-000000002.csv", "Op,note,id\nI,hello,2\n");
        land("20240729-000000003.csv", "Op,id\nI,3\n");

        assertThat(load()).isEqualTo(3);
        assertThat(query("SELECT id FROM lake.raw.orders ORDER BY id")).containsExactly("[1]", "[3]");

        zone("""
                mode: append
                    columns: { id: int64, note: string }""");
        assertThat(load()).isZero();
        assertThat(query("SELECT id, note FROM lake.raw.orders ORDER BY id"))
                .containsExactly("[1,null]", "[2,hello]", "[3,null]");
    }

    @Test
    void badLinesBecomeDeadLettersAndNeverStopTheLoad() throws Exception {
        zone("""
                mode: merge
                    key: [id]
                    source-table: public.orders
                    columns: { id: int64, amount: "decimal(9,2)", note: string }""");
        land("20240729-000000001.csv", """
                Op,id,amount,note
                I,1,2.50,fine
                I,2,lots,amount
                I,,1.00,no key
                X,4,1.00,what
                I,5,1.00
                I,6,1.00,"open
                I,7,7.00,"two
                lines"
                """);

        assertThat(load("--json")).isZero();

        JsonNode rows = JSON.readTree(out.toString()).at("/zones/0/rows");
        assertThat(rows.toString())
                .isEqualTo(
                        "{\"read\":7,\"loaded\":2,\"superseded\":0,\"duplicates\":0,\"dead_lettered\":5,\"deleted\":0}");
        assertThat(query("SELECT id, note FROM lake.raw.orders ORDER BY id"))
                .containsExactly("[1,fine]", "[7,two\nlines]");
        assertThat(query("SELECT code, shard, sequence_number, source, source_table, state FROM lake.ops.dead_letters"
                        + " ORDER BY int(sequence_number)"))
                .containsExactly(
                        "[INVALID_VALUE,20240729-000000001.csv,3,orders,orders.public.orders,new]",
                        "[MISSING_KEY,20240729-000000001.csv,4,orders,orders.public.orders,new]",
                        "[UNSUPPORTED_OPERATION,20240729-000000001.csv,5,orders,orders.public.orders,new]",
                        "[MALFORMED,20240729-000000001.csv,6,orders,orders.public.orders,new]",
                        "[MALFORMED,20240729-000000001.csv,7,orders,orders.public.orders,new]");
        assertThat(rows("lake.ops.dead_letters_raw")).isEqualTo(5);
    }

    @Test
    void recordsOfDeadLettersAreSealedUnderTheMaskingKey() throws Exception {
        // A key comes from the environment, and a test cannot add to its own: any long text of it will do.
        String secret = System.getenv().getOrDefault("PATH", "");
        assumeTrue(secret.strip().length() >= MaskingKey.LEAST_CHARACTERS);
        Path pipeline = folder.resolve("pipeline.yaml");
        Files.writeString(pipeline, Files.readString(pipeline) + "masking: { key: \"${PATH}\" }\n");
        zone("""
                mode: append
                    columns: { id: int64 }""");
        land("20240729-000000001.csv", "Op,id\nI,secret\n");

        assertThat(load()).isZero();

        Row letter = spark.sql("SELECT l.stream, r.raw FROM lake.ops.dead_letters l JOIN lake.ops.dead_letters_raw r"
                        + " ON l.id = r.id")
                .first();
        byte[] sealed = letter.getAs(1);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
        RawRecord opened = new RecordSeal(MaskingKey.of(secret))
                .open(new RawRecord("orders", letter.getString(0), "20240729-000000001.csv", "2", null, 0, sealed));
        assertThat(opened.data()).asString().isEqualTo("I,secret");
    }

    @Test
    void lateFilesNeverOverwriteNewerRowsNorBringDeletedOnesBack() throws Exception {
        zone("""
                mode: merge
                    key: [id]
                    columns: { id: int64, status: string }""");
        land("20240729-000000005.csv", "Op,id,status\nU,1,new\nD,2,\nI,3,three\n");
        load();
        land("20240729-000000004.csv", "Op,id,status\nU,1,old\nU,2,old\nU,4,four\n");
        land("LOAD00000001.csv", "id,status\n1,loaded\n2,loaded\n5,five\n");

        assertThat(load("--json")).isZero();

        assertThat(query("SELECT id, status FROM lake.raw.orders ORDER BY id"))
                .containsExactly("[1,new]", "[3,three]", "[4,four]", "[5,five]");
        assertThat(JSON.readTree(out.toString()).at("/zones/0/rows/superseded").asInt())
                .isEqualTo(4);
        land("20240729-000000006.csv", "Op,id,status\nI,2,again\n");
        load();
        assertThat(query("SELECT status FROM lake.raw.orders WHERE id = 2")).containsExactly("[again]");
    }

    @Test
    void changedFilesAreReportedAndNeverLoadedAgain() throws Exception {
        zone("""
                mode: append
                    columns: { id: int64 }""");
        land("20240729-000000001.csv", "Op,id\nI,1\n");
        land("20240729-000000002.csv", "Op,id\nI,2\n");
        load();
        land("20240729-000000001.csv", "Op,id\nI,9\n");
        land("20240729-000000002.csv", "Op,id\nI,2\n");
        Files.setLastModifiedTime(folder.resolve("landing/20240729-000000002.csv"), FileTime.fromMillis(1_000));
        Files.setLastModifiedTime(folder.resolve("landing/20240729-000000001.csv"), FileTime.fromMillis(1_000));

        assertThat(load("--json")).isEqualTo(3);

        JsonNode zone = JSON.readTree(out.toString()).at("/zones/0");
        assertThat(zone.at("/changed").toString()).isEqualTo("[\"20240729-000000001.csv\"]");
        assertThat(query("SELECT id FROM lake.raw.orders ORDER BY id")).containsExactly("[1]", "[2]");
    }

    @Test
    void youngFilesAreLeftAndDamagedOnesLoadedOnceTheyAreWhole() throws Exception {
        zone("""
                mode: append
                    min-age: 5m
                    columns: { id: int64 }""");
        byte[] whole = Landed.gzip("Op,id\nI,1\nI,2\n");
        Path file = folder.resolve("landing/20240729-000000001.csv.gz");
        Files.write(file, Arrays.copyOf(whole, whole.length - 6));
        land("empty.csv", "");
        land("20240729-000000002.csv", "Op,id\n");

        assertThat(load("--json")).isEqualTo(3);
        assertThat(JSON.readTree(out.toString()).at("/zones/0/unreadable").toString())
                .isEqualTo("{\"20240729-000000001.csv.gz\":\"it is not complete, or no gzip\"}");
        assertThat(JSON.readTree(out.toString()).at("/zones/0/files/loaded").asInt())
                .isEqualTo(2);

        Files.write(file, whole);
        clock = Clock.systemUTC();
        assertThat(load("--json")).isZero();
        assertThat(JSON.readTree(out.toString()).at("/zones/0/files/young").asInt())
                .isEqualTo(1);

        clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
        assertThat(load()).isZero();
        assertThat(query("SELECT id FROM lake.raw.orders ORDER BY id")).containsExactly("[1]", "[2]");
    }

    @Test
    void filesWithoutHeaderAreReadByPlace() throws Exception {
        zone("""
                mode: merge
                    key: [id]
                    format: { header: false, timestamp-column: committed, null-value: "" }
                    columns: { id: int64, name: string, score: int64 }""");
        land("LOAD00000001.csv", "2024-01-01 00:00:00,1,anna\n2024-01-01 00:00:00,2,\n");
        land("2024/07/29/20240729-000000002.csv", "U,2024-07-29 10:00:02.000000,1,bea,7\n");
        land("2024/07/29/20240729-000000001.csv", "U,2024-07-29 10:00:03.000000,1,cleo\n");

        assertThat(load()).isZero();

        assertThat(query("SELECT id, name, score, millrace_changed_at FROM lake.raw.orders ORDER BY id"))
                .containsExactly("[1,cleo,null,2024-07-29 10:00:03.0]", "[2,null,null,2024-01-01 00:00:00.0]");
    }

    /** The program stops right before each step; whoever comes next ends with the right table, each file loaded once. */
    @ParameterizedTest
    @EnumSource(Step.class)
    void crashBeforeAnyStepLosesAndDoublesNothing(Step step) throws Exception {
        zone("""
                mode: merge
                    key: [id]
                    columns: { id: int64, status: string }""");
        land("20240729-000000001.csv", "Op,id,status\nI,1,a\nI,2,b\nI,3,c\nbroken\n");
        load();
        land("20240729-000000002.csv", "Op,id,status\nU,1,z\nD,2,\nI,4,d\nbroken, too\n");

        Consumer<Step> crash = next -> {
            if (next == step) {
                throw new IllegalStateException("the power is off");
            }
        };
        assertThat(loadUntil(crash)).isEqualTo(1);
        expire();
        assertThat(load()).isZero();

        assertThat(query("SELECT id, status FROM lake.raw.orders ORDER BY id"))
                .containsExactly("[1,z]", "[3,c]", "[4,d]");
        assertThat(rows("lake.ops.dead_letters")).isEqualTo(2);
        assertThat(rows("lake.ops.dead_letters_raw")).isEqualTo(2);
        String before = table().currentSnapshot().toString();
        assertThat(load()).isZero();
        assertThat(table().currentSnapshot().toString()).isEqualTo(before);
    }

    @Test
    void runsBesideEachOtherLoadEachFileOnce() throws Exception {
        zone("mode: append\n    columns: { id: int64 }");
        land("20240729-000000000.csv", "Op,id\nI,0\n");
        load();
        for (int i = 1; i <= 30; i++) {
            land("20240729-%09d.csv".formatted(i), "Op,id\nI," + i + "\nbad line\n");
        }
        CyclicBarrier together = new CyclicBarrier(2);
        boolean[] met = {false, false};
        List<CompletableFuture<Integer>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            int number = run;
            runs.add(CompletableFuture.supplyAsync(() -> loadUntil(step -> {
                if (step == Step.COMMIT && !met[number]) {
                    met[number] = true;
                    await(together);
                }
            })));
        }
        for (CompletableFuture<Integer> run : runs) {
            assertThat(run.get(3, TimeUnit.MINUTES)).isZero();
        }

        assertThat(query("SELECT count(*), count(DISTINCT id) FROM lake.raw.orders"))
                .containsExactly("[31,31]");
        assertThat(query("SELECT count(*), count(DISTINCT id) FROM lake.ops.dead_letters"))
                .containsExactly("[30,30]");
    }

    /** Thousands of files of one transaction each, in any order of arrival, with and without new columns. */
    @Test
    void manyRandomFilesGiveTheStateOfTheModel() throws Exception {
        long seed = Long.getLong("seed", 20240729L);
        zone("""
                mode: merge
                    key: [id]
                    partition-by: ["bucket(3, id)"]
                    columns: { id: int64, status: string, amount: "decimal(9,2)" }
                    format: { header: true, timestamp-column: committed }""");
        Landed model = new Landed(folder.resolve("landing"), new Random(seed));
        int files = Integer.getInteger("millrace.files", 150);
        model.write(files);

        int parts = 3;
        long read = 0;
        for (int part = 1; part <= parts; part++) {
            model.deliver(part == parts ? files : files / parts);
            assertThat(load("--approve", "--json", "--files-per-load", "500", "--target-file-size", "64KB"))
                    .as("seed %d: %s", seed, err)
                    .isZero();
            JsonNode rows = JSON.readTree(out.toString()).at("/zones/0/rows");
            assertThat(rows.get("loaded").asLong()
                            + rows.get("superseded").asLong()
                            + rows.get("duplicates").asLong()
                            + rows.get("dead_lettered").asLong())
                    .isEqualTo(rows.get("read").asLong());
            read += rows.get("read").asLong();
        }

        Map<Long, String> state = new TreeMap<>();
        spark.sql("SELECT id, concat_ws('|', status, amount, coalesce(note, '-')) FROM lake.raw.orders")
                .collectAsList()
                .forEach(row ->
                        assertThat(state.put(row.getLong(0), row.getString(1))).isNull());
        assertThat(state).as("seed %d", seed).isEqualTo(model.state());
        assertThat(read).isEqualTo(model.lines());
        assertThat(rows("lake.ops.dead_letters")).isEqualTo(model.broken());
        assertThat(query("SELECT count(DISTINCT path) FROM lake.raw.orders_files"))
                .containsExactly("[" + files + "]");
    }

    @Test
    void filesAreOfEvenSizeAndSortedByKey() throws Exception {
        zone("""
                mode: append
                    key: [id]
                    columns: { id: int64, note: string }""");
        Random random = new Random(7);
        for (int file = 0; file < 20; file++) {
            StringBuilder text = new StringBuilder("Op,id,note\n");
            for (int i = 0; i < 5_000; i++) {
                text.append("I,")
                        .append(random.nextInt(1_000_000))
                        .append(',')
                        .append(random.nextLong())
                        .append('\n');
            }
            land("20240729-%09d.csv".formatted(file), text.toString());
        }

        assertThat(load("--target-file-size", "256KB")).isZero();

        List<Long> sizes = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table().newScan().planFiles()) {
            tasks.forEach(task -> sizes.add(task.file().fileSizeInBytes()));
        }
        assertThat(sizes).hasSizeGreaterThan(3);
        long target = 256 << 10;
        assertThat(sizes).allSatisfy(size -> assertThat(size).isBetween(target * 3 / 4, target * 5 / 4));
        assertThat(rows("lake.raw.orders")).isEqualTo(100_000);
    }

    @Test
    void mistakesAreReportedBeforeAnythingStarts() throws Exception {
        Files.writeString(folder.resolve("landing.yaml"), """
                landing:
                  - name: orders
                    location: %s
                    table: raw.orders
                    mode: merge
                    format: { delimiter: ';;' }
                    colums: { id: int64 }
                """.formatted(folder.resolve("landing")));

        assertThat(load()).isEqualTo(2);

        assertThat(err.toString())
                .contains("Cannot merge without a key")
                .contains("delimiter")
                .contains("columns");
    }

    /** A pipeline file whose tables are in the folder's warehouse, and an empty landing folder. */
    static void writePipeline(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("landing"));
        Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: shop
                sources:
                  - { name: shop, format: debezium-avro, transport: kinesis, stream: millrace-shop, shards: 1 }
                tables:
                  - source: shop
                    table: public.orders
                    key: [id]
                    iceberg: { table: shop.orders }
                connections:
                  kinesis: { region: us-east-1 }
                  schema-registry: { region: us-east-1, name: millrace }
                  storage: { region: us-east-1, location: "s3://millrace/shop" }
                  iceberg: { catalog: lake, properties: { type: hadoop, warehouse: "%s" } }
                  opensearch: { hosts: ["http://127.0.0.1:19200"] }
                """.formatted(
                        folder.resolve("warehouse").toUri()));
    }

    private void zone(String settings) throws IOException {
        String format = settings.contains("format:") ? "" : "    format: { header: true }\n";
        Files.writeString(
                folder.resolve("landing.yaml"),
                "landing:\n  - name: orders\n    location: " + folder.resolve("landing") + "\n    table: raw.orders\n"
                        + format + "    " + settings + "\n");
    }

    private void land(String path, String text) throws IOException {
        Path file = folder.resolve("landing").resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private int load(String... more) {
        out.getBuffer().setLength(0);
        return run(out, step -> {}, more);
    }

    private int loadUntil(Consumer<Step> before) {
        return run(new StringWriter(), before);
    }

    private int run(StringWriter to, Consumer<Step> before, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--pipeline",
                folder.resolve("pipeline.yaml").toString(),
                "--landing",
                folder.resolve("landing.yaml").toString()));
        arguments.addAll(List.of(more));
        return RawJob.run(
                arguments.toArray(String[]::new),
                new PrintWriter(to, true),
                new PrintWriter(err, true),
                LocalSpark::session,
                clock,
                before);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(2, TimeUnit.MINUTES);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> query(String sql) {
        return spark.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    private long rows(String table) {
        return spark.sql("SELECT * FROM " + table).count();
    }

    private boolean catalogHas(String table) {
        return catalog().tableExists(TableIdentifier.parse(table));
    }

    private Table table() {
        return catalog().loadTable(TableIdentifier.of("raw", "orders"));
    }

    /** All snapshots but the newest go: nothing may depend on them. */
    private void expire() {
        for (String name : List.of("orders", "orders_files")) {
            catalog()
                    .loadTable(TableIdentifier.of("raw", name))
                    .expireSnapshots()
                    .expireOlderThan(System.currentTimeMillis())
                    .retainLast(1)
                    .commit();
        }
    }

    private Catalog catalog() {
        return CatalogUtil.buildIcebergCatalog(
                "lake",
                Map.of(
                        "type",
                        "hadoop",
                        "warehouse",
                        folder.resolve("warehouse").toUri().toString()),
                new Configuration());
    }
}

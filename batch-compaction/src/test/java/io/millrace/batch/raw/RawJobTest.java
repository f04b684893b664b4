package io.millrace.batch.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.mask.MaskingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job, as spark-submit starts it, on folders and tables on disk. */
class RawJobTest {
    @TempDir
    Path folder;

    private LandingFolder landing;

    @BeforeEach
    void writeFiles() throws IOException {
        landing = LandingFolder.in(folder);
    }

    @Test
    void tableIsProposedFirstAndFilesAreLoadedOnceItIsApproved() throws Exception {
        landing.describe("mode: append");
        landing.land(
                "LOAD00000001.csv", "id,amount,paid,at\n1,2.50,true,2024-02-29 13:05:07.123456\n2,NULL,false,NULL\n");
        landing.land("20240729-005907686.csv", "Op,id,amount,paid,at\nU,1,12.75,true,2024-02-29 13:05:07\n");

        assertThat(landing.load()).isEqualTo(3);

        assertThat(landing.out())
                .contains(
                        "CREATE TABLE raw.orders (id bigint, amount decimal(9,2), paid boolean, at timestamp_ntz) USING"
                                + " iceberg")
                .contains("  amount: decimal(9,2)");
        assertThat(landing.hasTable("raw.orders")).isFalse();

        assertThat(landing.load("--approve")).isZero();

        assertThat(landing.query(
                        "SELECT id, amount, paid, millrace_op, millrace_file, millrace_line FROM lake.raw.orders"
                                + " ORDER BY millrace_file DESC, millrace_line"))
                .containsExactly(
                        "[1,2.50,true,I,LOAD00000001.csv,2]",
                        "[2,null,false,I,LOAD00000001.csv,3]",
                        "[1,12.75,true,U,20240729-005907686.csv,2]");
        assertThat(landing.load()).isZero();
        assertThat(landing.rows("lake.raw.orders")).isEqualTo(3);
    }

    @Test
    void newColumnsWaitForApprovalWhileOtherFilesAreLoaded() throws Exception {
        landing.describe("mode: append");
        landing.land("20240729-000000001.csv", "Op,id\nI,1\n");
        landing.load("--approve");
        landing.land("20240729-000000002.csv", "Op,note,id\nI,hello,2\n");
        landing.land("20240729-000000003.csv", "Op,id\nI,3\n");

        assertThat(landing.load()).isEqualTo(3);
        assertThat(landing.query("SELECT id FROM lake.raw.orders ORDER BY id")).containsExactly("[1]", "[3]");

        landing.describe("""
                mode: append
                    columns: { id: int64, note: string }""");
        assertThat(landing.load()).isZero();
        assertThat(landing.query("SELECT id, note FROM lake.raw.orders ORDER BY id"))
                .containsExactly("[1,null]", "[2,hello]", "[3,null]");
    }

    @Test
    void badLinesBecomeDeadLettersAndNeverStopTheLoad() throws Exception {
        landing.describe("""
                mode: merge
                    key: [id]
                    source-table: public.orders
                    columns: { id: int64, amount: "decimal(9,2)", note: string }""");
        landing.land("20240729-000000001.csv", """
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

        assertThat(landing.load("--json")).isZero();

        JsonNode rows = landing.report().at("/zones/0/rows");
        assertThat(rows.toString())
                .isEqualTo(
                        "{\"read\":7,\"loaded\":2,\"superseded\":0,\"duplicates\":0,\"dead_lettered\":5,\"deleted\":0}");
        assertThat(landing.query("SELECT id, note FROM lake.raw.orders ORDER BY id"))
                .containsExactly("[1,fine]", "[7,two\nlines]");
        assertThat(landing.query(
                        "SELECT code, shard, sequence_number, source, source_table, state FROM lake.ops.dead_letters"
                                + " ORDER BY int(sequence_number)"))
                .containsExactly(
                        "[INVALID_VALUE,20240729-000000001.csv,3,orders,orders.public.orders,new]",
                        "[MISSING_KEY,20240729-000000001.csv,4,orders,orders.public.orders,new]",
                        "[UNSUPPORTED_OPERATION,20240729-000000001.csv,5,orders,orders.public.orders,new]",
                        "[MALFORMED,20240729-000000001.csv,6,orders,orders.public.orders,new]",
                        "[MALFORMED,20240729-000000001.csv,7,orders,orders.public.orders,new]");
        assertThat(landing.rows("lake.ops.dead_letters_raw")).isEqualTo(5);
    }

    @Test
    void recordsOfDeadLettersAreSealedUnderTheMaskingKey() throws Exception {
        // A key comes from the environment, and a test cannot add to its own: any long text of it will do.
        String secret = System.getenv().getOrDefault("PATH", "");
        assumeTrue(secret.strip().length() >= MaskingKey.LEAST_CHARACTERS);
        Path pipeline = folder.resolve("pipeline.yaml");
        Files.writeString(pipeline, Files.readString(pipeline) + "masking: { key: \"${PATH}\" }\n");
        landing.describe("""
                mode: append
                    columns: { id: int64 }""");
        landing.land("20240729-000000001.csv", "Op,id\nI,secret\n");

        assertThat(landing.load()).isZero();

        Row letter = landing.spark()
                .sql("SELECT l.stream, r.raw FROM lake.ops.dead_letters l JOIN lake.ops.dead_letters_raw r"
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
        landing.describe("""
                mode: merge
                    key: [id]
                    columns: { id: int64, status: string }""");
        landing.land("20240729-000000005.csv", "Op,id,status\nU,1,new\nD,2,\nI,3,three\n");
        landing.load();
        landing.land("20240729-000000004.csv", "Op,id,status\nU,1,old\nU,2,old\nU,4,four\n");
        landing.land("LOAD00000001.csv", "id,status\n1,loaded\n2,loaded\n5,five\n");

        assertThat(landing.load("--json")).isZero();

        assertThat(landing.query("SELECT id, status FROM lake.raw.orders ORDER BY id"))
                .containsExactly("[1,new]", "[3,three]", "[4,four]", "[5,five]");
        assertThat(landing.report().at("/zones/0/rows/superseded").asInt()).isEqualTo(4);
        landing.land("20240729-000000006.csv", "Op,id,status\nI,2,again\n");
        landing.load();
        assertThat(landing.query("SELECT status FROM lake.raw.orders WHERE id = 2"))
                .containsExactly("[again]");
    }

    @Test
    void changedFilesAreReportedAndNeverLoadedAgain() throws Exception {
        landing.describe("""
                mode: append
                    columns: { id: int64 }""");
        landing.land("20240729-000000001.csv", "Op,id\nI,1\n");
        landing.land("20240729-000000002.csv", "Op,id\nI,2\n");
        landing.load();
        landing.land("20240729-000000001.csv", "Op,id\nI,9\n");
        landing.land("20240729-000000002.csv", "Op,id\nI,2\n");
        Files.setLastModifiedTime(landing.folder().resolve("20240729-000000002.csv"), FileTime.fromMillis(1_000));
        Files.setLastModifiedTime(landing.folder().resolve("20240729-000000001.csv"), FileTime.fromMillis(1_000));

        assertThat(landing.load("--json")).isEqualTo(3);

        JsonNode zone = landing.report().at("/zones/0");
        assertThat(zone.at("/changed").toString()).isEqualTo("[\"20240729-000000001.csv\"]");
        assertThat(landing.query("SELECT id FROM lake.raw.orders ORDER BY id")).containsExactly("[1]", "[2]");
    }

    @Test
    void youngFilesAreLeftAndDamagedOnesLoadedOnceTheyAreWhole() throws Exception {
        landing.describe("""
                mode: append
                    min-age: 5m
                    columns: { id: int64 }""");
        byte[] whole = Landed.gzip("Op,id\nI,1\nI,2\n");
        Path file = landing.folder().resolve("20240729-000000001.csv.gz");
        Files.write(file, Arrays.copyOf(whole, whole.length - 6));
        landing.land("empty.csv", "");
        landing.land("20240729-000000002.csv", "Op,id\n");

        assertThat(landing.load("--json")).isEqualTo(3);
        assertThat(landing.report().at("/zones/0/unreadable").toString())
                .isEqualTo("{\"20240729-000000001.csv.gz\":\"it is not complete, or no gzip\"}");
        assertThat(landing.report().at("/zones/0/files/loaded").asInt()).isEqualTo(2);

        Files.write(file, whole);
        landing.at(Clock.systemUTC());
        assertThat(landing.load("--json")).isZero();
        assertThat(landing.report().at("/zones/0/files/young").asInt()).isEqualTo(1);

        landing.at(Clock.offset(Clock.systemUTC(), Duration.ofHours(1)));
        assertThat(landing.load()).isZero();
        assertThat(landing.query("SELECT id FROM lake.raw.orders ORDER BY id")).containsExactly("[1]", "[2]");
    }

    @Test
    void filesWithoutHeaderAreReadByPlace() throws Exception {
        landing.describe("""
                mode: merge
                    key: [id]
                    format: { header: false, timestamp-column: committed, null-value: "" }
                    columns: { id: int64, name: string, score: int64 }""");
        landing.land("LOAD00000001.csv", "2024-01-01 00:00:00,1,anna\n2024-01-01 00:00:00,2,\n");
        landing.land("2024/07/29/20240729-000000002.csv", "U,2024-07-29 10:00:02.000000,1,bea,7\n");
        landing.land("2024/07/29/20240729-000000001.csv", "U,2024-07-29 10:00:03.000000,1,cleo\n");

        assertThat(landing.load()).isZero();

        assertThat(landing.query("SELECT id, name, score, millrace_changed_at FROM lake.raw.orders ORDER BY id"))
                .containsExactly("[1,cleo,null,2024-07-29 10:00:03.0]", "[2,null,null,2024-01-01 00:00:00.0]");
    }

    @Test
    void filesAreOfEvenSizeAndSortedByKey() throws Exception {
        landing.describe("""
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
            landing.land("20240729-%09d.csv".formatted(file), text.toString());
        }

        assertThat(landing.load("--target-file-size", "256KB")).isZero();

        List<Long> sizes = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = landing.table().newScan().planFiles()) {
            tasks.forEach(task -> sizes.add(task.file().fileSizeInBytes()));
        }
        assertThat(sizes).hasSizeGreaterThan(3);
        long target = 256 << 10;
        assertThat(sizes).allSatisfy(size -> assertThat(size).isBetween(target * 3 / 4, target * 5 / 4));
        assertThat(landing.rows("lake.raw.orders")).isEqualTo(100_000);
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
                """.formatted(landing.folder()));

        assertThat(landing.load()).isEqualTo(2);

        assertThat(landing.err())
                .contains("Cannot merge without a key")
                .contains("delimiter")
                .contains("columns");
    }
}

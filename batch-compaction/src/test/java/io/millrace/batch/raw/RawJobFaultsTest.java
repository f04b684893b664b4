package io.millrace.batch.raw;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.batch.raw.write.ZoneWriter.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads that are killed, loads beside each other, and files that arrive in any order. */
class RawJobFaultsTest {
    @TempDir
    Path folder;

    private LandingFolder landing;

    @BeforeEach
    void writeFiles() throws IOException {
        landing = LandingFolder.in(folder);
    }

    /** The program stops right before each step; whoever comes next ends with the right table, each file loaded once. */
    @Test
    void crashBeforeAnyStepLosesAndDoublesNothing() throws Exception {
        landing.describe("""
                mode: merge
                    key: [id]
                    columns: { id: int64, status: string }""");
        landing.land("20240729-000000001.csv", "Op,id,status\nI,1,new\nI,2,new\nI,3,new\nbroken\n");
        landing.load();
        int oldest = 1;
        for (Step step : Step.values()) {
            oldest++;
            landing.land(
                    "20240729-%09d.csv".formatted(oldest),
                    "Op,id,status\nU,1,before %s\nD,%d,\nI,%d,new\nbroken, too\n".formatted(step, oldest, oldest + 2));

            assertThat(landing.loadUntil(next -> {
                        if (next == step) {
                            throw new IllegalStateException("the power is off");
                        }
                    }))
                    .as("%s", step)
                    .isEqualTo(1);
            landing.expire();
            assertThat(landing.load()).as("%s", step).isZero();

            assertThat(landing.query("SELECT id, status FROM lake.raw.orders ORDER BY id"))
                    .containsExactly(
                            "[1,before " + step + "]", "[" + (oldest + 1) + ",new]", "[" + (oldest + 2) + ",new]");
            assertThat(landing.rows("lake.ops.dead_letters")).as("%s", step).isEqualTo(oldest);
            assertThat(landing.rows("lake.ops.dead_letters_raw")).as("%s", step).isEqualTo(oldest);
        }
        String before = landing.table().currentSnapshot().toString();
        assertThat(landing.load()).isZero();
        assertThat(landing.table().currentSnapshot().toString()).isEqualTo(before);
    }

    @Test
    void runsBesideEachOtherLoadEachFileOnce() throws Exception {
        landing.describe("mode: append\n    columns: { id: int64 }");
        landing.land("20240729-000000000.csv", "Op,id\nI,0\n");
        landing.load();
        for (int i = 1; i <= 30; i++) {
            landing.land("20240729-%09d.csv".formatted(i), "Op,id\nI," + i + "\nbad line\n");
        }
        CyclicBarrier together = new CyclicBarrier(2);
        boolean[] met = {false, false};
        List<CompletableFuture<Integer>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            int number = run;
            runs.add(CompletableFuture.supplyAsync(() -> landing.loadUntil(step -> {
                if (step == Step.COMMIT && !met[number]) {
                    met[number] = true;
                    await(together);
                }
            })));
        }
        for (CompletableFuture<Integer> run : runs) {
            assertThat(run.get(3, TimeUnit.MINUTES)).isZero();
        }

        assertThat(landing.query("SELECT count(*), count(DISTINCT id) FROM lake.raw.orders"))
                .containsExactly("[31,31]");
        assertThat(landing.query("SELECT count(*), count(DISTINCT id) FROM lake.ops.dead_letters"))
                .containsExactly("[30,30]");
    }

    /** Thousands of files of one transaction each, in any order of arrival, with and without new columns. */
    @Test
    void manyRandomFilesGiveTheStateOfTheModel() throws Exception {
        long seed = Long.getLong("seed", 20240729L);
        landing.describe("""
                mode: merge
                    key: [id]
                    partition-by: ["bucket(3, id)"]
                    columns: { id: int64, status: string, amount: "decimal(9,2)" }
                    format: { header: true, timestamp-column: committed }""");
        Landed model = new Landed(landing.folder(), new Random(seed));
        int files = Integer.getInteger("millrace.files", 150);
        model.write(files);

        int parts = 3;
        long read = 0;
        for (int part = 1; part <= parts; part++) {
            model.deliver(part == parts ? files : files / parts);
            assertThat(landing.load("--approve", "--json", "--files-per-load", "500", "--target-file-size", "64KB"))
                    .as("seed %d: %s", seed, landing.err())
                    .isZero();
            JsonNode rows = landing.report().at("/zones/0/rows");
            assertThat(rows.get("loaded").asLong()
                            + rows.get("superseded").asLong()
                            + rows.get("duplicates").asLong()
                            + rows.get("dead_lettered").asLong())
                    .isEqualTo(rows.get("read").asLong());
            read += rows.get("read").asLong();
        }

        Map<Long, String> state = new TreeMap<>();
        landing.spark()
                .sql("SELECT id, concat_ws('|', status, amount, coalesce(note, '-')) FROM lake.raw.orders")
                .collectAsList()
                .forEach(row ->
                        assertThat(state.put(row.getLong(0), row.getString(1))).isNull());
        assertThat(state).as("seed %d", seed).isEqualTo(model.state());
        assertThat(read).isEqualTo(model.lines());
        assertThat(landing.rows("lake.ops.dead_letters")).isEqualTo(model.broken());
        assertThat(landing.query("SELECT count(DISTINCT path) FROM lake.raw.orders_files"))
                .containsExactly("[" + files + "]");
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(2, TimeUnit.MINUTES);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

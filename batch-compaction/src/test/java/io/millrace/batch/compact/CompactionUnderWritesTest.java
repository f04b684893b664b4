package io.millrace.batch.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.batch.DirectoryPipeline;
import io.millrace.batch.LocalSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten runs in a row over a table with many small files and a tenth of its rows deleted, while a writer goes on adding
 * and deleting rows of one partition. {@code -Dmillrace.files=5000} for more files.
 */
class CompactionUnderWritesTest {
    private static final long SEED = Long.getLong("millrace.seed", 11);
    private static final int FILES = Integer.getInteger("millrace.files", 150);
    private static final int ROWS_A_FILE = 800;
    private static final int RUNS = 10;
    private static final List<String> COLD = List.of("north", "south", "west");
    private static final long TARGET = 160 << 10;
    /** Shorter than the rewriting of a group, so that deletes come while it goes on. */
    private static final long PAUSE_MILLIS = 300;

    @TempDir
    Path folder;

    private final TreeSet<Long> expected = new TreeSet<>();
    private DirectoryPipeline pipeline;

    @BeforeEach
    void writePipeline() throws IOException {
        pipeline = new DirectoryPipeline(folder);
        pipeline.write("millrace", "logistics.parcels");
    }

    @Test
    void everyRunCommitsAndColdPartitionsEndOnTargetWithoutDeletes() throws Exception {
        ParcelTable parcels = ParcelTable.create(folder.resolve("warehouse"), 2);
        parcels.open()
                .updateProperties()
                // In proportion to the small target: a page that is not full is counted as it is, uncompressed.
                .set("write.parquet.page-size-bytes", "2048")
                .commit();
        makeSmallFiles(parcels);
        Writer writer = new Writer(parcels);
        writer.start();
        await().atMost(Duration.ofMinutes(1)).until(() -> writer.rounds.get() >= 3 || writer.failure != null);

        List<JsonNode> groups = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            groups.addAll(compact("--skip-upkeep"));
            assertThat(writer.failure).as("seed %d, run %d", SEED, run).isNull();
        }
        writer.finish();
        compact();

        assertThat(groups)
                .hasSizeGreaterThan(COLD.size())
                .allSatisfy(group -> assertThat(group.get("outcome").asText())
                        .as("seed %d: %s", SEED, group)
                        .isEqualTo("done"));
        assertThat(groups.stream()
                        .mapToLong(group -> group.get("carriedDeletes").asLong())
                        .sum())
                .as("seed %d: deletes that came while a group was rewritten", SEED)
                .isPositive();
        assertThat(parcels.ids()).as("seed %d", SEED).isEqualTo(List.copyOf(expected));
        assertColdPartitionsAreOnTarget(parcels.open());
    }

    private static void assertColdPartitionsAreOnTarget(Table table) throws Exception {
        Map<String, List<FileScanTask>> byRegion = new TreeMap<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            tasks.forEach(task -> byRegion.computeIfAbsent(
                            task.partition().get(0, String.class), region -> new ArrayList<>())
                    .add(task));
        }
        for (String region : COLD) {
            List<FileScanTask> tasks = byRegion.getOrDefault(region, List.of());
            assertThat(tasks)
                    .as(region)
                    .hasSizeGreaterThan(1)
                    .allMatch(task -> task.deletes().isEmpty());
            List<Long> sizes = tasks.stream()
                    .map(task -> task.file().fileSizeInBytes())
                    .sorted()
                    .toList();
            assertThat(sizes.subList(1, sizes.size()))
                    .as("%s without its last file: %s of %d", region, sizes, TARGET)
                    .allMatch(size -> size > TARGET * 0.75 && size < TARGET * 1.25);
        }
    }

    private void makeSmallFiles(ParcelTable parcels) {
        Random random = new Random(SEED);
        long id = 0;
        for (String region : COLD) {
            List<long[]> files = new ArrayList<>();
            for (int file = 0; file < FILES / COLD.size(); file++) {
                files.add(LongStream.range(id, id + ROWS_A_FILE).toArray());
                id += ROWS_A_FILE;
            }
            parcels.appendFiles(region, files);
            files.forEach(ids -> LongStream.of(ids).forEach(expected::add));
        }
        for (int commit = 0; commit < 3; commit++) {
            for (String region : COLD) {
                long first = (long) COLD.indexOf(region) * (FILES / COLD.size()) * ROWS_A_FILE;
                TreeSet<Long> gone = random.longs(
                                FILES / COLD.size() * ROWS_A_FILE / 30,
                                first,
                                first + (long) FILES / COLD.size() * ROWS_A_FILE)
                        .boxed()
                        .collect(Collectors.toCollection(TreeSet::new));
                parcels.deleteWhereverTheyAre(region, gone);
                expected.removeAll(gone);
            }
        }
    }

    private List<JsonNode> compact(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--target-file-size", Long.toString(TARGET), "--cool-down", "2s", "--hot-delete-ratio", "0", "--json"));
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int exitCode = CompactJob.run(
                pipeline.commandLine(arguments.toArray(String[]::new)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                LocalSpark::session);

        assertThat(exitCode).as(err.toString()).isZero();
        List<JsonNode> groups = new ArrayList<>();
        new ObjectMapper()
                .readTree(out.toString())
                .get("tables")
                .get(0)
                .get("result")
                .get("groups")
                .forEach(groups::add);
        return groups;
    }

    /** Adds rows to one partition and deletes some of them, a commit each, several times a second, for as long as it is let. */
    private final class Writer extends Thread {
        private final ParcelTable parcels;
        private final Random random = new Random(SEED);
        private final List<Long> mine = new ArrayList<>();
        private volatile boolean stopped;
        private final AtomicInteger rounds = new AtomicInteger();
        private volatile @Nullable Throwable failure;

        Writer(ParcelTable parcels) {
            this.parcels = parcels;
        }

        @Override
        public void run() {
            try {
                long next = 500_000_000;
                while (!stopped) {
                    long[] ids = LongStream.range(next, next + 40).toArray();
                    next += ids.length;
                    parcels.append("hot", ids);
                    LongStream.of(ids).forEach(mine::add);
                    TreeSet<Long> gone = new TreeSet<>();
                    for (int i = 0; i < 15; i++) {
                        gone.add(mine.remove(random.nextInt(mine.size())));
                    }
                    parcels.deleteWhereverTheyAre("hot", gone);
                    rounds.incrementAndGet();
                    Thread.sleep(PAUSE_MILLIS);
                }
            } catch (Throwable e) {
                failure = e;
            }
        }

        void finish() throws InterruptedException {
            stopped = true;
            join();
            assertThat(failure).as("seed %d", SEED).isNull();
            expected.addAll(mine);
        }
    }
}

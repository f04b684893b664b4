package io.millrace.batch.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.DirectoryPipeline;
import io.millrace.batch.compact.rewrite.RunMarker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of compactions in processes of their own, at random moments, with work to do for each. {@code
 * -Dmillrace.kills=20} for more of them.
 */
class KilledCompactionTest {
    private static final long SEED = Long.getLong("millrace.seed", 5);
    private static final int KILLS = Integer.getInteger("millrace.kills", 1);
    /** How long a run has, from when it marks the table: what all its work takes on two cores that do nothing else. */
    private static final int MOST_MILLIS = 8_000;

    private static final List<String> REGIONS = List.of("north", "south", "west");

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final TreeSet<Long> expected = new TreeSet<>();
    private DirectoryPipeline pipeline;
    private ParcelTable parcels;
    private long nextId;

    @BeforeEach
    void makeTable() throws IOException {
        pipeline = new DirectoryPipeline(folder);
        pipeline.write("millrace", "logistics.parcels");
        parcels = ParcelTable.create(pipeline.warehouse(), 2);
    }

    @Test
    void tableIsEqualAfterEachAndTheNextRunLeavesNothingBehind() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            makeWork();
            Set<Path> before = markers();
            Process run = compact();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> !run.isAlive() || !before.containsAll(markers()));
            long millis = random.nextLong(MOST_MILLIS);
            boolean ended = run.waitFor(millis, TimeUnit.MILLISECONDS);
            run.destroyForcibly().waitFor();

            assertThat(parcels.ids())
                    .as("seed %d, kill %d after %d ms%s", SEED, kill, millis, ended ? ", too late" : "")
                    .isEqualTo(List.copyOf(expected));
        }

        makeWork();
        assertThat(compact().waitFor()).as(this::printed).isZero();
        assertThat(parcels.ids()).as("seed %d", SEED).isEqualTo(List.copyOf(expected));
        assertThat(filesOfRunsThatNoSnapshotHas())
                .as("seed %d: left behind", SEED)
                .isEmpty();
    }

    /** Small files in all partitions, and deletes that bear on several of them. */
    private void makeWork() {
        for (String region : REGIONS) {
            List<long[]> files = new ArrayList<>();
            TreeSet<Long> gone = new TreeSet<>();
            for (int file = 0; file < 12; file++) {
                long[] ids = LongStream.range(nextId, nextId + 400).toArray();
                nextId += ids.length;
                files.add(ids);
                LongStream.of(ids).forEach(expected::add);
                gone.add(ids[random.nextInt(ids.length)]);
            }
            parcels.appendFiles(region, files);
            parcels.deleteWhereverTheyAre(region, gone);
            expected.removeAll(gone);
        }
    }

    private Process compact() throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx500m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=240m",
                "@" + Path.of("spark-jvm.options").toAbsolutePath(),
                "-Dspark.master=local[2]",
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.driver.bindAddress=127.0.0.1",
                "-Dspark.local.dir=" + folder,
                "-Dspark.sql.shuffle.partitions=2",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CompactJob.class.getName()));
        line.addAll(List.of(pipeline.commandLine("--cool-down", "0s")));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    private String printed() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return folder.resolve("compact.txt");
    }

    /** Of runs that work, and of those that were killed. */
    private Set<Path> markers() throws IOException {
        Path markers = Path.of(path(RunMarker.folder(parcels.open())));
        if (!Files.isDirectory(markers)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(markers)) {
            return files.filter(file -> file.toString().endsWith(".run")).collect(Collectors.toSet());
        }
    }

    /** Data files, delete files and origins; what else is in the folder belongs to the catalog. */
    private List<Path> filesOfRunsThatNoSnapshotHas() throws IOException {
        Table table = parcels.open();
        TreeSet<String> known = new TreeSet<>();
        for (Snapshot snapshot : table.snapshots()) {
            try (CloseableIterable<FileScanTask> tasks =
                    table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
                tasks.forEach(task -> {
                    known.add(path(task.file().location()));
                    task.deletes().forEach(delete -> known.add(path(delete.location())));
                });
            }
        }
        try (Stream<Path> files = Files.walk(Path.of(path(table.location())))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(parquet|origins|run)"))
                    .filter(file -> !known.contains(file.toString()))
                    .toList();
        }
    }

    private static String path(String location) {
        return location.startsWith("file:") ? URI.create(location).getPath() : location;
    }
}

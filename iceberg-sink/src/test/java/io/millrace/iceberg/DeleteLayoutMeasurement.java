package io.millrace.iceberg;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What uncompacted upserts cost a reader; prints processor times and checks only the row count. Not run by default:
 * {@code mvn -pl iceberg-sink test -Dtest=DeleteLayoutMeasurement}.
 */
class DeleteLayoutMeasurement {
    private static final TableIdentifier TABLE = TableIdentifier.of("lab", "layout");
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "amount", Types.LongType.get()),
            Types.NestedField.optional(3, "note", Types.StringType.get()));
    private static final long KEYS = Long.getLong("millrace.keys", 400_000);
    private static final int COMMITS = Integer.getInteger("millrace.commits", 60);
    private static final int UPSERTS = Integer.getInteger("millrace.upserts", 5_000);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void scanAfterManyCommits(int version) throws Exception {
        CatalogLoader catalog = CatalogLoader.ofProperties(
                "lab",
                Map.of("catalog-impl", "org.apache.iceberg.hadoop.HadoopCatalog", "warehouse", directory.toString()));
        Random random = new Random(1);
        UpsertTable definition = new UpsertTable(TABLE, List.of("id"), List.of(), version, Map.of());
        try (SinkHarness sink = new SinkHarness(catalog, List.of(definition), 2)) {
            long started = cpuNanos();
            for (long id = 0; id < KEYS; id++) {
                upsert(sink, id, random);
            }
            sink.commit();
            print(version, "load of %d rows: %d ms CPU", KEYS, millisSince(started));
            report(version, catalog, 0);
            started = cpuNanos();
            for (int commit = 1; commit <= COMMITS; commit++) {
                for (int i = 0; i < UPSERTS; i++) {
                    upsert(sink, random.nextLong(KEYS), random);
                }
                sink.commit();
            }
            print(version, "%d commits of %d upserts: %d ms CPU", COMMITS, UPSERTS, millisSince(started));
            report(version, catalog, COMMITS);
        }
    }

    private static void upsert(SinkHarness sink, long id, Random random) throws Exception {
        sink.process(new Change(
                TABLE, Long.toString(id), SCHEMA, Arrays.asList(id, random.nextLong(), "note of row " + id)));
    }

    private static void report(int version, CatalogLoader catalog, int commits) throws Exception {
        Table table = catalog.load().loadTable(TABLE);
        Set<String> deleteFiles = new HashSet<>();
        long opened = 0;
        long dataFiles = 0;
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                dataFiles++;
                opened += task.deletes().size();
                task.deletes().forEach(file -> deleteFiles.add(file.location()));
            }
        }
        long best = Long.MAX_VALUE;
        long rows = 0;
        for (int run = 0; run < 3; run++) {
            rows = 0;
            long started = cpuNanos();
            try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
                for (Record record : records) {
                    rows += record.size() > 0 ? 1 : 0;
                }
            }
            best = Math.min(best, millisSince(started));
        }
        org.assertj.core.api.Assertions.assertThat(rows).isEqualTo(KEYS);
        print(
                version,
                "after %d commits: full scan %d ms CPU, %d data files, %d delete files, %d openings of delete files",
                commits,
                best,
                dataFiles,
                deleteFiles.size(),
                opened);
    }

    /** Processor time of all threads, which a busy machine does not lengthen as it does the time on the clock. */
    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long millisSince(long started) {
        return (cpuNanos() - started) / 1_000_000;
    }

    private static void print(int version, String format, Object... values) {
        System.out.println("v" + version + " " + String.format(format, values));
    }
}

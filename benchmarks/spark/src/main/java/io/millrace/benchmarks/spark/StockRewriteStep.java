package io.millrace.benchmarks.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.compaction.CompactionRun;
import io.millrace.benchmarks.sink.Json;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.RewriteDataFiles;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One run of Iceberg's own {@code rewrite_data_files}, told to do what ours does: merge small files, sort by key, apply all
 * deletes, drop dangling ones.
 */
@Command(name = "stock-rewrite")
final class StockRewriteStep implements Callable<Integer> {
    @Option(names = "--catalog", required = true, description = "Iceberg's catalog properties, as JSON.")
    private Path catalog;

    @Option(names = "--table", required = true)
    private String table;

    @Option(names = "--target", required = true)
    private long target;

    @Option(names = "--partial-progress", required = true, arity = "1")
    private boolean partialProgress;

    @Option(names = "--result", required = true)
    private Path result;

    @SuppressWarnings("NullAway.Init")
    private StockRewriteStep() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new StockRewriteStep()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        @SuppressWarnings("unchecked")
        Map<String, String> properties = new ObjectMapper().readValue(catalog.toFile(), Map.class);
        SparkSession spark = LocalSpark.start(Path.of(System.getProperty("java.io.tmpdir")));
        Table loaded = CatalogUtil.buildIcebergCatalog("bench", properties, new Configuration())
                .loadTable(TableIdentifier.parse(table));
        Json.write(result, rewrite(spark, loaded));
        spark.stop();
        return 0;
    }

    private CompactionRun rewrite(SparkSession spark, Table loaded) {
        long before = written();
        long last = loaded.currentSnapshot().sequenceNumber();
        try {
            RewriteDataFiles.Result done = SparkActions.get(spark)
                    .rewriteDataFiles(loaded)
                    .sort(SortOrder.builderFor(loaded.schema()).asc("id").build())
                    .option("target-file-size-bytes", Long.toString(target))
                    .option("min-input-files", "2")
                    .option("delete-file-threshold", "1")
                    .option("remove-dangling-deletes", "true")
                    .option("max-concurrent-file-group-rewrites", "2")
                    .option("max-file-group-size-bytes", Long.toString(1L << 30))
                    .option("partial-progress.enabled", Boolean.toString(partialProgress))
                    .execute();
            loaded.refresh();
            long written = written() - before;
            long thrownAway = Math.max(0, written - landed(loaded, last));
            int committed = done.rewriteResults().size();
            // Iceberg tells of groups that it could not rewrite, but not of those that it could not commit.
            int failed = Math.max(done.rewriteFailures().size(), thrownAway > written / 100 ? 1 : 0);
            return new CompactionRun(0, committed, failed, committed + failed, written, thrownAway, 0, "fine");
        } catch (RuntimeException e) {
            long written = written() - before;
            return new CompactionRun(
                    0, 0, 1, 1, written, written, 0, e.getClass().getSimpleName());
        }
    }

    /** The bytes of data files that rewrites have brought into the table since. */
    private static long landed(Table table, long afterSequenceNumber) {
        long bytes = 0;
        for (Snapshot snapshot : table.snapshots()) {
            if (snapshot.sequenceNumber() > afterSequenceNumber
                    && snapshot.operation().equals(DataOperations.REPLACE)) {
                bytes += PropertyUtil.propertyAsLong(snapshot.summary(), SnapshotSummary.ADDED_FILE_SIZE_PROP, 0);
            }
        }
        return bytes;
    }

    /** All that this process has written through Hadoop, which is what it has written into tables. */
    @SuppressWarnings("deprecation") // The new statistics do not count what is written to the local disk.
    private static long written() {
        return FileSystem.getAllStatistics().stream()
                .mapToLong(FileSystem.Statistics::getBytesWritten)
                .sum();
    }
}

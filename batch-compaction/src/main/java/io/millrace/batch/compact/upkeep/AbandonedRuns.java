package io.millrace.batch.compact.upkeep;

import io.millrace.batch.compact.rewrite.RunMarker;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.DeleteOrphanFiles;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what compactions have left that were killed: their data files and origins, which may be large, and would stay
 * until they are orphans of three days.
 *
 * <p>A run that is taken for over is told so first; then the table gets a commit, so that what the run may be committing at
 * this moment fails; only then is looked which of its files a snapshot has.
 */
final class AbandonedRuns {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedRuns.class);
    private static final String LAST = "millrace.compaction.cleared-run";
    private static final StructType FILES =
            new StructType().add("file_path", DataTypes.StringType).add("last_modified", DataTypes.TimestampType);

    private AbandonedRuns() {}

    /**
     * Clears up after all runs that are over.
     *
     * @return how many files were deleted
     */
    static long clear(SparkSession spark, Table table, Instant now) {
        if (!(table.io() instanceof SupportsPrefixOperations io)) {
            return 0;
        }
        List<String> over = new ArrayList<>();
        for (String location : list(io, RunMarker.folder(table))) {
            RunMarker.runOf(location)
                    .filter(run -> RunMarker.read(table, run)
                            .filter(sign -> sign.isOver(now))
                            .isPresent())
                    .ifPresent(over::add);
        }
        if (over.isEmpty()) {
            return 0;
        }
        LOG.info("{}: clearing up after {} compactions that were stopped", table.name(), over.size());
        over.forEach(run -> RunMarker.tellOver(table, run));
        table.refresh();
        table.updateProperties()
                .set(LAST, over.get(over.size() - 1) + " " + now)
                .commit();
        table.refresh();
        long deleted = deleteUnknown(spark, table, io, over);
        over.forEach(run -> RunMarker.forget(table, run));
        return deleted;
    }

    private static long deleteUnknown(SparkSession spark, Table table, SupportsPrefixOperations io, List<String> runs) {
        List<Row> files = new ArrayList<>();
        Timestamp longAgo = Timestamp.from(Instant.EPOCH);
        for (String location : list(io, table.location() + "/")) {
            String name = location.substring(location.lastIndexOf('/') + 1);
            if (!RunMarker.isOne(location) && runs.stream().anyMatch(name::contains)) {
                files.add(RowFactory.create(location, longAgo));
            }
        }
        if (files.isEmpty()) {
            return 0;
        }
        DeleteOrphanFiles.Result result = SparkActions.get(spark)
                .deleteOrphanFiles(table)
                .compareToFileList(spark.createDataset(files, Encoders.row(FILES)))
                // As the listing writes it: file:/ and not file:///.
                .location(new Path(table.location()).toString())
                .execute();
        return result.orphanFilesCount();
    }

    private static List<String> list(SupportsPrefixOperations io, String folder) {
        List<String> locations = new ArrayList<>();
        try {
            for (FileInfo file : io.listPrefix(folder)) {
                locations.add(file.location());
            }
        } catch (UncheckedIOException e) {
            // A file system with real folders does not list one that is not there.
            if (!(e.getCause() instanceof FileNotFoundException)) {
                throw e;
            }
        }
        return locations;
    }
}

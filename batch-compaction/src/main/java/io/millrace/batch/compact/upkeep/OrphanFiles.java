package io.millrace.batch.compact.upkeep;

import java.time.Instant;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.DeleteOrphanFiles;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.SparkSession;

/**
 * Deletes files in the table's folder that no snapshot knows: what a killed job or writer has left behind.
 *
 * <p>Files are listed through the table's own file access where it can, so that nothing but Iceberg's catalog properties is
 * needed to reach S3.
 */
public final class OrphanFiles {
    private OrphanFiles() {}

    /**
     * Deletes orphans.
     *
     * @param olderThan files changed later stay: a writer may be about to commit them
     * @return how many files went
     */
    public static long delete(SparkSession spark, Table table, Instant olderThan) {
        table.refresh();
        DeleteOrphanFiles.Result result = SparkActions.get(spark)
                .deleteOrphanFiles(table)
                .olderThan(olderThan.toEpochMilli())
                .usePrefixListing(table.io() instanceof SupportsPrefixOperations)
                .execute();
        return result.orphanFilesCount();
    }
}

package io.millrace.batch.compact.upkeep;

import java.time.Duration;
import java.time.Instant;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tidies a table up: dangling deletes, then old snapshots, then orphans, so that each step takes along what the one before
 * has let go. Tables with {@code gc.enabled=false} share files with others: only their dangling deletes are dropped.
 *
 * @param now the moment that ages are counted from
 * @param retainSnapshots the age at which snapshots are expired
 * @param retainLast how many of the newest snapshots stay in any case
 * @param orphansOlderThan the age at which files are deleted that no snapshot knows
 * @param deletesFiles whether snapshots are expired and orphans deleted at all
 */
public record Upkeep(
        Instant now, Duration retainSnapshots, int retainLast, Duration orphansOlderThan, boolean deletesFiles) {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /**
     * What was done.
     *
     * @param danglingDeletes delete files dropped as they deleted nothing any more
     * @param expiredSnapshots snapshots expired
     * @param orphanFiles files deleted that no snapshot knew
     * @param failure why it ended early; null if it did not
     */
    public record Done(
            int danglingDeletes,
            int expiredSnapshots,
            long orphanFiles,
            @Nullable String failure) {}

    /** Does all steps; the first that fails ends it, and the table is none the worse. */
    public Done run(SparkSession spark, Table table) {
        int dangling = 0;
        int expired = 0;
        long orphans = 0;
        try {
            dangling = DanglingDeletes.drop(table);
            if (deletesFiles && ownsItsFiles(table)) {
                expired = SnapshotExpiry.expire(table, now.minus(retainSnapshots), retainLast);
                orphans = OrphanFiles.delete(spark, table, now.minus(orphansOlderThan));
            }
            return new Done(dangling, expired, orphans, null);
        } catch (RuntimeException e) {
            LOG.error("Cannot tidy up {}", table.name(), e);
            return new Done(dangling, expired, orphans, String.valueOf(e.getMessage()));
        }
    }

    private static boolean ownsItsFiles(Table table) {
        return PropertyUtil.propertyAsBoolean(
                table.properties(), TableProperties.GC_ENABLED, TableProperties.GC_ENABLED_DEFAULT);
    }
}

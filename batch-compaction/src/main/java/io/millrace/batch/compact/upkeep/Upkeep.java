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
 * Tidies a table up: what killed compactions have left, dangling deletes, small manifests, metadata files, old snapshots, then
 * orphans, so that each step takes along what the one before has let go. Tables with {@code gc.enabled=false} share files with
 * others: nothing is deleted there, and only dangling deletes and manifests are dealt with.
 *
 * @param now the moment that ages are counted from
 * @param retainSnapshots the age at which snapshots are expired
 * @param retainLast how many of the newest snapshots stay in any case
 * @param orphansOlderThan the age at which files are deleted that no snapshot knows
 * @param metadataVersions how many old metadata files stay, for tables that do not say
 * @param deletesFiles whether snapshots are expired and files deleted at all
 * @param deletesOrphans whether orphans are looked for too, which lists every file of the table
 */
public record Upkeep(
        Instant now,
        Duration retainSnapshots,
        int retainLast,
        Duration orphansOlderThan,
        int metadataVersions,
        boolean deletesFiles,
        boolean deletesOrphans) {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /**
     * What was done.
     *
     * @param danglingDeletes delete files dropped as they deleted nothing any more
     * @param mergedManifests manifests that are no more, their entries having moved to others
     * @param expiredSnapshots snapshots expired
     * @param orphanFiles files deleted that no snapshot knew
     * @param failure why it ended early; null if it did not
     */
    public record Done(
            int danglingDeletes,
            int mergedManifests,
            int expiredSnapshots,
            long orphanFiles,
            @Nullable String failure) {}

    /**
     * Deletes what killed compactions have left; goes before the work of this one. A failure is logged and no more: the next
     * run tries again.
     *
     * @return how many files were deleted
     */
    public long clearAbandonedRuns(SparkSession spark, Table table) {
        try {
            return deletesFiles && ownsItsFiles(table) ? AbandonedRuns.clear(spark, table, now) : 0;
        } catch (RuntimeException e) {
            LOG.warn("Cannot clear up after earlier compactions of {}", table.name(), e);
            return 0;
        }
    }

    /** Does all other steps; the first that fails ends it, and the table is none the worse. */
    public Done run(SparkSession spark, Table table) {
        int dangling = 0;
        int manifests = 0;
        int expired = 0;
        long orphans = 0;
        try {
            dangling = DanglingDeletes.drop(table);
            manifests = ManifestMerge.merge(table);
            if (deletesFiles && ownsItsFiles(table)) {
                MetadataFiles.limit(table, metadataVersions);
                expired = SnapshotExpiry.expire(table, now.minus(retainSnapshots), retainLast);
                orphans = deletesOrphans ? OrphanFiles.delete(spark, table, now.minus(orphansOlderThan)) : 0;
            }
            return new Done(dangling, manifests, expired, orphans, null);
        } catch (RuntimeException e) {
            LOG.error("Cannot tidy up {}", table.name(), e);
            return new Done(dangling, manifests, expired, orphans, String.valueOf(e.getMessage()));
        }
    }

    private static boolean ownsItsFiles(Table table) {
        return PropertyUtil.propertyAsBoolean(
                table.properties(), TableProperties.GC_ENABLED, TableProperties.GC_ENABLED_DEFAULT);
    }
}

package io.millrace.batch.compact.upkeep;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Expires snapshots, and deletes the files that only they had.
 *
 * <p>Branches and tags keep what they point to. So does the newest commit of Iceberg's stock Flink sink, which would
 * otherwise forget what it has committed; Millrace's sink keeps that in a table property.
 */
public final class SnapshotExpiry {
    private static final String STOCK_SINK = "flink.max-committed-checkpoint-id";

    private SnapshotExpiry() {}

    /**
     * Expires what is older.
     *
     * @param olderThan the moment up to which snapshots go
     * @param retainLast how many of the newest stay in any case; at least 1
     * @return how many snapshots went
     */
    public static int expire(Table table, Instant olderThan, int retainLast) {
        table.refresh();
        Set<Long> before = ids(table);
        ExpireSnapshots expiry = table.expireSnapshots()
                .expireOlderThan(Math.min(olderThan.toEpochMilli(), newestOfStockSink(table)))
                .retainLast(retainLast);
        List<Snapshot> old = expiry.apply();
        if (old.isEmpty()) {
            return 0;
        }
        // Naming one makes Iceberg delete only what no snapshot has any more. Else it deletes every file that an
        // expired
        // snapshot has taken something out of, also one with other deletion vectors that are live.
        expiry.expireSnapshotId(old.get(0).snapshotId()).commit();
        table.refresh();
        before.removeAll(ids(table));
        return before.size();
    }

    private static long newestOfStockSink(Table table) {
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
            if (snapshot.summary().containsKey(STOCK_SINK)) {
                return snapshot.timestampMillis();
            }
        }
        return Long.MAX_VALUE;
    }

    private static Set<Long> ids(Table table) {
        Set<Long> ids = new HashSet<>();
        table.snapshots().forEach(snapshot -> ids.add(snapshot.snapshotId()));
        return ids;
    }
}

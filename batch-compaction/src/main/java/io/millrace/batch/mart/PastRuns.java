package io.millrace.batch.mart;

import io.millrace.batch.mart.publish.DayBranch;
import io.millrace.schemas.pipeline.Mart;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.util.SnapshotUtil;

/** How long a mart's days have taken, by the table's own history. */
final class PastRuns {
    private static final int LOOK_BACK = 7;

    private PastRuns() {}

    /** The mean of the last days' runs; zero if nothing is known. */
    static Duration usual(Catalog catalog, Mart mart) {
        TableIdentifier name = TableIdentifier.parse(mart.table());
        List<Duration> past = new ArrayList<>();
        if (catalog.tableExists(name)) {
            for (Snapshot snapshot : SnapshotUtil.currentAncestors(catalog.loadTable(name))) {
                String started = DayBranch.fact(snapshot, "started");
                if (!started.isEmpty() && past.size() < LOOK_BACK) {
                    past.add(
                            Duration.between(Instant.parse(started), Instant.ofEpochMilli(snapshot.timestampMillis())));
                }
            }
        }
        return past.isEmpty()
                ? Duration.ZERO
                : past.stream().reduce(Duration.ZERO, Duration::plus).dividedBy(past.size());
    }
}

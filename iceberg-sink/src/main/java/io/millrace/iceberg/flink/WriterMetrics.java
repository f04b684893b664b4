package io.millrace.iceberg.flink;

import io.millrace.iceberg.write.WriterCounters;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** The writer's counters in Flink's metrics. */
final class WriterMetrics implements WriterCounters {
    private final Counter hits;
    private final Counter misses;
    private final Counter refreshes;
    private final Counter refreshedKeys;

    WriterMetrics(MetricGroup operator) {
        MetricGroup group = operator.addGroup("icebergUpsert");
        hits = group.counter("indexHits");
        misses = group.counter("indexMisses");
        refreshes = group.counter("indexRefreshes");
        refreshedKeys = group.counter("indexRefreshedKeys");
    }

    @Override
    public void hit() {
        hits.inc();
    }

    @Override
    public void missed() {
        misses.inc();
    }

    @Override
    public void refreshed(long keys) {
        refreshes.inc();
        refreshedKeys.inc(keys);
    }
}

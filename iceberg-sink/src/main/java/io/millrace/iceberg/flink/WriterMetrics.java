package io.millrace.iceberg.flink;

import io.millrace.iceberg.write.WriterCounters;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** The writer's counters in Flink's metrics. */
final class WriterMetrics implements WriterCounters {
    private final Counter hits;
    private final Counter misses;
    private final Counter refreshes;
    private final Counter refreshedKeys;
    private volatile long knownFiles;
    private volatile long stateBytes;

    /**
     * Registers the numbers.
     *
     * @param bufferedBytes changes not yet written out, by estimate
     */
    WriterMetrics(MetricGroup operator, Gauge<Long> bufferedBytes) {
        MetricGroup group = operator.addGroup("icebergUpsert");
        group.gauge("bufferedBytes", bufferedBytes);
        group.gauge("knownFiles", () -> knownFiles);
        group.gauge("fileTableBytes", () -> stateBytes);
        hits = group.counter("indexHits");
        misses = group.counter("indexMisses");
        refreshes = group.counter("indexRefreshes");
        refreshedKeys = group.counter("indexRefreshedKeys");
    }

    /** What a checkpoint keeps besides the keys' locations, which are in Flink's keyed state. */
    void kept(long files, long bytes) {
        knownFiles = files;
        stateBytes = bytes;
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

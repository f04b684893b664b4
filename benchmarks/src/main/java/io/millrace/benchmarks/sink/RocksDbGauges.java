package io.millrace.benchmarks.sink;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** RocksDB's own estimates of the running job's state, summed over its subtasks. */
final class RocksDbGauges implements MetricReporter {
    static final String NAME = "rocksdb";
    static final String LIVE_BYTES = "estimate-live-data-size";
    static final String FILE_BYTES = "total-sst-files-size";
    static final String KEYS = "estimate-num-keys";
    static final List<String> GAUGES = List.of(LIVE_BYTES, FILE_BYTES, KEYS);

    private static final Map<Metric, String> NAMES = new ConcurrentHashMap<>();

    /** Made by Flink. */
    public static final class Factory implements MetricReporterFactory {
        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new RocksDbGauges();
        }
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {}

    @Override
    public void notifyOfAddedMetric(Metric metric, String metricName, MetricGroup group) {
        NAMES.put(metric, metricName);
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String metricName, MetricGroup group) {
        NAMES.remove(metric);
    }

    /** The sum of a gauge over all states and subtasks. */
    static long sum(String gauge) {
        return NAMES.entrySet().stream()
                .filter(entry -> entry.getValue().contains(gauge))
                .map(Map.Entry::getKey)
                .filter(Gauge.class::isInstance)
                .mapToLong(metric -> ((Gauge<?>) metric).getValue() instanceof Number number ? number.longValue() : 0)
                .sum();
    }
}

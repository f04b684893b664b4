package io.millrace.iceberg.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.iceberg.commit.TableCommitter;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class CommitMetricsTest {
    private final Map<String, Metric> registered = new HashMap<>();

    /** Keeps what is registered, by its path. */
    private final class Recording extends UnregisteredMetricsGroup {
        private final String path;

        Recording(String path) {
            this.path = path;
        }

        @Override
        public Counter counter(String name) {
            Counter counter = new SimpleCounter();
            registered.put(path + name, counter);
            return counter;
        }

        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            registered.put(path + name, gauge);
            return gauge;
        }

        @Override
        public <H extends Histogram> H histogram(String name, H histogram) {
            registered.put(path + name, histogram);
            return histogram;
        }

        @Override
        public MetricGroup addGroup(String name) {
            return new Recording(path + name + ".");
        }

        @Override
        public MetricGroup addGroup(String key, String value) {
            return new Recording(path + key + "." + value + ".");
        }
    }

    @Test
    void countsEachTableByItself() {
        CommitMetrics metrics = new CommitMetrics(new Recording(""));

        metrics.attempted("a");
        metrics.attempted("a");
        metrics.committed("a", 7, new TableCommitter.Landed(1, 100, 20, 3, 2, 5000, 4), 50);
        metrics.attempted("b");
        metrics.committed("b", 8, new TableCommitter.Landed(2, 1, 0, 1, 0, 10, 0), 150);
        metrics.waiting(5, 600);

        assertThat(count("a.commitAttempts")).isEqualTo(2);
        assertThat(count("a.commits")).isEqualTo(1);
        assertThat(count("a.rowsWritten")).isEqualTo(100);
        assertThat(count("a.rowsDeleted")).isEqualTo(20);
        assertThat(count("a.dataFiles")).isEqualTo(3);
        assertThat(count("a.deleteFiles")).isEqualTo(2);
        assertThat(count("a.bytesWritten")).isEqualTo(5000);
        assertThat(count("a.movedRows")).isEqualTo(4);
        assertThat(gauge("table.a.lastEpoch")).isEqualTo(7L);
        assertThat(gauge("table.b.lastCommitMillis")).isEqualTo(150L);
        assertThat(gauge("table.b.lastCommitFiles")).isEqualTo(1L);
        assertThat(((Histogram) metric("table.a.commitMillis")).getStatistics().getMax())
                .isEqualTo(50);
        assertThat(gauge("waitingReports")).isEqualTo(5L);
        assertThat(gauge("waitingReportBytes")).isEqualTo(600L);
    }

    private Metric metric(String name) {
        return java.util.Objects.requireNonNull(registered.get("icebergUpsert." + name), name);
    }

    private long count(String name) {
        return ((Counter) metric("table." + name)).getCount();
    }

    private Object gauge(String name) {
        return ((Gauge<?>) metric(name)).getValue();
    }
}

package io.millrace.stream.accounting.flink;

import io.millrace.stream.accounting.Ledger.Account;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * Histograms of how long changes of each table took, over the last thousand of them:
 * {@code millrace.source.<source>.table.<schema.table>.<name>}.
 */
public final class TableLatencies {
    private static final int WINDOW = 1_000;

    private final MetricGroup metrics;
    private final String name;
    private final Map<String, Histogram> histograms = new HashMap<>();

    public TableLatencies(MetricGroup operator, String name) {
        this.metrics = operator.addGroup("millrace");
        this.name = name;
    }

    /** Takes the way of a change of a table into account, from the source's commit to its end. */
    public void measure(String table, long fromMillis, long toMillis) {
        Histogram histogram = histograms.get(table);
        if (histogram == null) {
            Account account = Account.of(table);
            MetricGroup group = metrics.addGroup("source", account.source());
            histogram = (account.table() == null ? group : group.addGroup("table", account.table()))
                    .histogram(name, new DescriptiveStatisticsHistogram(WINDOW));
            histograms.put(table, histogram);
        }
        histogram.update(Math.max(0, toMillis - fromMillis));
    }
}

package io.millrace.stream.accounting.flink;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one operator: {@code millrace.source.<source>.table.<schema.table>.<what>}, and
 * {@code millrace.source.<source>.<what>} for records of which no table is known.
 */
public final class TableCounters {
    private final MetricGroup group;
    private final Map<String, Map<String, Counter>> counters = new HashMap<>();

    public TableCounters(MetricGroup operator) {
        this.group = operator.addGroup("millrace");
    }

    /**
     * Counts one.
     *
     * @param what what became of it, one of {@code received}, {@code control}, {@code applied}, {@code superseded},
     *     {@code duplicate}, {@code dead_lettered}
     * @param table the source table's full name
     */
    public void count(String what, String table) {
        counters.computeIfAbsent(table, t -> new HashMap<>())
                .computeIfAbsent(what, w -> tableGroup(table).counter(w))
                .inc();
    }

    /** Counts one of which perhaps no table is known. */
    public void count(String what, String source, @Nullable String table) {
        if (table != null) {
            count(what, table);
        } else {
            counters.computeIfAbsent(source, s -> new HashMap<>())
                    .computeIfAbsent(what, w -> group.addGroup("source", source).counter(w))
                    .inc();
        }
    }

    private MetricGroup tableGroup(String table) {
        int dot = table.indexOf('.');
        return dot < 0
                ? group.addGroup("table", table)
                : group.addGroup("source", table.substring(0, dot)).addGroup("table", table.substring(dot + 1));
    }
}

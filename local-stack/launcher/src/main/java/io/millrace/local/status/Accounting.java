package io.millrace.local.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import io.millrace.local.stack.Endpoints;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The job's books: what became of every record, as the metrics of the job tell, which its state keeps across restarts.
 *
 * @param sources by source, by table; records of which no table is known are under {@link #NO_TABLE}
 */
public record Accounting(@JsonValue Map<String, Map<String, TableAccount>> sources) {
    /** What stands for the table of records that do not tell theirs. */
    public static final String NO_TABLE = "(no table)";

    /** Whether everything that was received has been dealt with. */
    @JsonIgnore
    public boolean addsUp() {
        return sources.values().stream()
                .flatMap(tables -> tables.values().stream())
                .allMatch(account -> account.underWay() == 0);
    }

    /** All tables together. */
    @JsonIgnore
    public TableAccount total() {
        return sources.values().stream()
                .flatMap(tables -> tables.values().stream())
                .reduce(TableAccount.NONE, TableAccount::plus);
    }

    /** Reads the books of a running stack; empty if its job does not answer. */
    public static Optional<Accounting> read(Endpoints endpoints) throws InterruptedException {
        return TableMetric.read(endpoints).map(Accounting::of);
    }

    static Accounting of(List<TableMetric> metrics) {
        Map<String, Map<String, TableAccount>> sources = new TreeMap<>();
        for (TableMetric metric : metrics) {
            if (TableAccount.isEntry(metric.name())) {
                sources.computeIfAbsent(metric.source(), source -> new TreeMap<>())
                        .merge(metric.table(), TableAccount.NONE.plus(metric.name(), metric.sum()), TableAccount::plus);
            }
        }
        return new Accounting(sources);
    }

    /**
     * Reads the books once nothing is under way any more, or as they are after some time.
     *
     * @param patience how long to wait
     */
    public static Optional<Accounting> readAtRest(Endpoints endpoints, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Optional<Accounting> last = read(endpoints);
        while (System.nanoTime() < end) {
            Optional<Accounting> next = read(endpoints);
            if (next.isPresent() && next.equals(last) && next.get().addsUp()) {
                return next;
            }
            last = next;
        }
        return last;
    }
}

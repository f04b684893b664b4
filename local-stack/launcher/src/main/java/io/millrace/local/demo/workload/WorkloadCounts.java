package io.millrace.local.demo.workload;

import java.time.Duration;
import java.util.Map;

/**
 * What a workload has done so far. Only what was committed counts.
 *
 * @param rows rows changed, by table and operation
 * @param transactions transactions committed
 * @param rollbacks transactions rolled back as planned
 * @param refused transactions that the database refused because somebody else had changed their rows
 * @param elapsed how long it has been at work
 */
public record WorkloadCounts(
        Map<LogisticsTable, Map<RowOperation, Long>> rows,
        long transactions,
        long rollbacks,
        long refused,
        Duration elapsed) {

    /** All rows changed. */
    public long changes() {
        return rows.values().stream()
                .flatMap(byOperation -> byOperation.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Rows changed in one table. */
    public long changes(LogisticsTable table) {
        return rows.getOrDefault(table, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Rows of one table changed in one way. */
    public long changes(LogisticsTable table, RowOperation operation) {
        return rows.getOrDefault(table, Map.of()).getOrDefault(operation, 0L);
    }

    /** Rows changed in a second, on average. */
    public double rate() {
        return elapsed.isZero() ? 0 : changes() * 1e9 / elapsed.toNanos();
    }
}

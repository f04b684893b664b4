package io.millrace.local.demo.workload;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Adds up what all lanes do. */
final class Tally {
    private final AtomicLongArray rows =
            new AtomicLongArray(LogisticsTable.values().length * RowOperation.values().length);
    private final LongAdder transactions = new LongAdder();
    private final LongAdder rollbacks = new LongAdder();
    private final LongAdder refused = new LongAdder();

    void committed(PlannedTransaction transaction) {
        for (PlannedStatement statement : transaction.statements()) {
            add(statement.table(), statement.operation(), statement.rows());
            statement
                    .cascaded()
                    .forEach((table, count) -> add(
                            table,
                            // A shipment's id is part of its events' keys.
                            RowOperation.KEY_CHANGE,
                            count));
        }
        transactions.increment();
    }

    void rolledBack() {
        rollbacks.increment();
    }

    void refused() {
        refused.increment();
    }

    WorkloadCounts counts(Duration elapsed) {
        Map<LogisticsTable, Map<RowOperation, Long>> byTable = new EnumMap<>(LogisticsTable.class);
        for (LogisticsTable table : LogisticsTable.values()) {
            Map<RowOperation, Long> byOperation = new EnumMap<>(RowOperation.class);
            for (RowOperation operation : RowOperation.values()) {
                byOperation.put(operation, rows.get(place(table, operation)));
            }
            byTable.put(table, byOperation);
        }
        return new WorkloadCounts(byTable, transactions.sum(), rollbacks.sum(), refused.sum(), elapsed);
    }

    private void add(LogisticsTable table, RowOperation operation, int count) {
        rows.addAndGet(place(table, operation), count);
    }

    private static int place(LogisticsTable table, RowOperation operation) {
        return table.ordinal() * RowOperation.values().length + operation.ordinal();
    }
}

package io.millrace.local.demo.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a transaction.
 *
 * @param table the table that it names
 * @param operation what it does to the table's rows
 * @param rows how many of the table's rows it changes
 * @param cascaded how many rows of other tables change with them through foreign keys
 * @param sql the statement with a {@code ?} for each value
 * @param values the values, as JDBC takes them; a list stands for a {@code text[]}
 */
public record PlannedStatement(
        LogisticsTable table,
        RowOperation operation,
        int rows,
        Map<LogisticsTable, Integer> cascaded,
        String sql,
        List<@Nullable Object> values) {

    static PlannedStatement of(
            LogisticsTable table, RowOperation operation, int rows, String sql, @Nullable Object... values) {
        return new PlannedStatement(
                table, operation, rows, Map.of(), sql, Collections.unmodifiableList(Arrays.asList(values)));
    }

    PlannedStatement withCascade(LogisticsTable other, int changed) {
        if (changed == 0) {
            return this;
        }
        Map<LogisticsTable, Integer> more = new java.util.EnumMap<>(LogisticsTable.class);
        more.putAll(cascaded);
        more.merge(other, changed, Integer::sum);
        return new PlannedStatement(table, operation, rows, more, sql, new ArrayList<>(values));
    }

    /** All rows that change, in whatever table. */
    public int allRows() {
        return rows + cascaded.values().stream().mapToInt(Integer::intValue).sum();
    }
}

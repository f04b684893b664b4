package io.millrace.local.demo.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The transaction that is being planned, and what its plans draw on: the company, and chance. */
final class Draft {
    private final Company company;
    private final Random random;
    private final List<PlannedStatement> statements = new ArrayList<>();

    Draft(Company company, Random random) {
        this.company = company;
        this.random = random;
    }

    Company company() {
        return company;
    }

    Random random() {
        return random;
    }

    boolean isEmpty() {
        return statements.isEmpty();
    }

    /** Ends the transaction; the next one begins empty. */
    PlannedTransaction end(boolean commits) {
        PlannedTransaction planned = new PlannedTransaction(statements, commits);
        statements.clear();
        return planned;
    }

    void add(PlannedStatement statement) {
        statements.add(statement);
    }

    void update(LogisticsTable table, String sql, @Nullable Object... values) {
        add(PlannedStatement.of(table, RowOperation.UPDATE, 1, sql, values));
    }

    /** One of the rows, the last ones likelier; null if none of a few will do. */
    <T> @Nullable T recent(List<T> rows, Predicate<T> suitable) {
        if (rows.isEmpty()) {
            return null;
        }
        for (int attempt = 0; attempt < 8; attempt++) {
            double age = -Math.log(1 - random.nextDouble()) * Math.max(20, rows.size() / 8.0);
            T row = rows.get(rows.size() - 1 - (int) Math.min(age, rows.size() - 1));
            if (suitable.test(row)) {
                return row;
            }
        }
        return null;
    }
}

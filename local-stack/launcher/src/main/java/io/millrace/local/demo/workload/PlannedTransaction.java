package io.millrace.local.demo.workload;

import java.util.List;

/**
 * Statements that belong together.
 *
 * @param statements what is done, in order
 * @param commits whether it is then committed, or rolled back
 */
public record PlannedTransaction(List<PlannedStatement> statements, boolean commits) {

    public PlannedTransaction {
        statements = List.copyOf(statements);
    }

    /** Rows that change if it is committed. */
    public int rows() {
        return statements.stream().mapToInt(PlannedStatement::allRows).sum();
    }
}

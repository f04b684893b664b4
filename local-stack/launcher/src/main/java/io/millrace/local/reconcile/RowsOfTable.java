package io.millrace.local.reconcile;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One side of a comparison: all rows that it has at a moment, or some of them. Failures are {@link ReconcileProblem}s. */
interface RowsOfTable {

    /** Gives every row once, in no order; if a side holds a row twice, it gives it twice. */
    void scan(Consumer<ComparedRow> rows);

    /**
     * The present state of some rows.
     *
     * @param keysById the rows to look for: their ids, and the texts of their key values
     * @return the rows found under each id; ids without a row are left out
     */
    Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById);

    /** Groups rows by their id. */
    static Map<String, List<ComparedRow>> byId(Collection<ComparedRow> rows) {
        return rows.stream().collect(java.util.stream.Collectors.groupingBy(ComparedRow::id));
    }
}

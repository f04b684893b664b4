package io.millrace.local.reconcile;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** One side of a comparison: a table of a source or of a target. Failures are {@link ReconcileProblem}s. */
interface RowsOfTable {

    /** Fixes the table as it is at this moment. */
    TableView open();

    /**
     * The present state of some rows.
     *
     * @param keysById the rows to look for: their ids, and the texts of their key values
     * @return the rows found under each id; ids without a row are left out
     */
    Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById);

    /** How many bytes have come from the servers of this side so far. */
    long bytesRead();

    /** Groups rows by their id. */
    static Map<String, List<ComparedRow>> byId(Collection<ComparedRow> rows) {
        return rows.stream().collect(java.util.stream.Collectors.groupingBy(ComparedRow::id));
    }
}

package io.millrace.local.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row as either side has it.
 *
 * @param id the id of the row's search document, which names the row on every side
 * @param values the {@link Canonical} texts of its values, one for each column that the source has now: a column that was
 *     dropped there stays in the targets, with what it held
 */
record ComparedRow(String id, List<@Nullable String> values) {

    boolean sameAs(ComparedRow that) {
        return values.equals(that.values);
    }

    /** The columns in which this row and that one differ. */
    List<String> differences(ComparedRow that, List<SourceColumn> columns) {
        List<String> differing = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!Objects.equals(values.get(i), that.values.get(i))) {
                differing.add(columns.get(i).name());
            }
        }
        return differing;
    }
}

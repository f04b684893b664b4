package io.millrace.local.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row as either side has it.
 *
 * @param id the id of the row's search document, which names the row on every side
 * @param values the {@link Canonical} texts of its values, one for each column of the source
 * @param strangers names of columns with a value that the source does not have at all
 */
record ComparedRow(String id, List<@Nullable String> values, List<String> strangers) {

    static ComparedRow of(String id, List<@Nullable String> values) {
        return new ComparedRow(id, values, List.of());
    }

    boolean sameAs(ComparedRow that) {
        return values.equals(that.values) && strangers.equals(that.strangers);
    }

    /** The columns in which this row and that one differ. */
    List<String> differences(ComparedRow that, List<SourceColumn> columns) {
        List<String> differing = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!Objects.equals(values.get(i), that.values.get(i))) {
                differing.add(columns.get(i).name());
            }
        }
        differing.addAll(strangers);
        differing.addAll(that.strangers);
        return differing;
    }
}

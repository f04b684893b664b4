package io.millrace.local.reconcile;

import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table whose source and targets are compared.
 *
 * @param route where it comes from and goes to
 * @param columns the source's columns, in its order
 */
record ComparedTable(TableRoute route, List<SourceColumn> columns) {

    /** The place of a column, or -1 if the source has none of this name. */
    int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        return -1;
    }

    /** The texts of a row's key values, in the order of the key. */
    List<String> key(List<@Nullable String> values) {
        List<String> key = new ArrayList<>();
        for (String column : route.key()) {
            int place = indexOf(column);
            if (place < 0) {
                throw new ReconcileProblem("Cannot find key column " + column + " in the source table "
                        + route.table().qualifiedName() + ": check the key in the pipeline file.");
            }
            key.add(String.valueOf(values.get(place)));
        }
        return key;
    }

    /** The id of the search document of a row with these values. */
    String id(List<@Nullable String> values) {
        return RowKey.of(route.table(), key(values)).documentId();
    }
}

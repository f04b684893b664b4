package io.millrace.schemas.decode;

import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table that DMS writes, and the columns that it is known to have: those that the pipeline file declares, and those that
 * a record had, which are text.
 *
 * <p>DMS leaves out columns that are null unless it is told otherwise. So a column that is known and not there is null, and
 * rows of one table have one schema whatever is null in them. A column that was dropped stays, as null, which is what it is in
 * the targets as well; one that the pipeline file says was renamed goes when its new name comes.
 *
 * <p>Only a masked column that is not there is none: it may be there under a name that nobody masks.
 */
final class DmsTable {
    /** More than PostgreSQL (1,600) and MariaDB (4,096) have. */
    private static final int MOST_COLUMNS = 4096;

    private final TableRoute route;
    private final Map<String, JsonColumn> columns = new LinkedHashMap<>();
    private final JsonRowPlans rows = new JsonRowPlans(this::plan);
    private final JsonRowPlans images = new JsonRowPlans(this::imagePlan);

    DmsTable(TableRoute route) {
        this.route = route;
        route.columns().forEach((name, type) -> columns.put(name, JsonColumn.declared(type, JsonConversions.DMS)));
    }

    TableRoute route() {
        return route;
    }

    /** The plans of whole rows. */
    JsonRowPlans rows() {
        return rows;
    }

    /** The plans of rows before a change, which have some of the columns, and nothing else to say. */
    JsonRowPlans images() {
        return images;
    }

    private JsonRowPlan plan(List<String> fields) {
        JsonRowPlan.requireDistinct(fields);
        boolean changed = false;
        for (String field : fields) {
            if (!columns.containsKey(field)) {
                if (columns.size() == MOST_COLUMNS) {
                    throw new JsonRecords.Broken("its table would have more than " + MOST_COLUMNS + " columns");
                }
                columns.put(field, JsonColumn.declared(route.columns().get(field), JsonConversions.DMS));
                changed = true;
            }
            String before = route.renames().get(field);
            if (before != null && !fields.contains(before)) {
                changed |= columns.remove(before) != null;
            }
        }
        if (changed) {
            rows.clear();
        }
        Set<String> masked = route.quality().masks().keySet();
        List<String> names = columns.keySet().stream()
                .filter(name -> !masked.contains(name) || fields.contains(name))
                .toList();
        return plan(names, fields);
    }

    private JsonRowPlan imagePlan(List<String> fields) {
        JsonRowPlan.requireDistinct(fields);
        return plan(fields, fields);
    }

    private JsonRowPlan plan(List<String> names, List<String> fields) {
        List<JsonColumn> chosen = new ArrayList<>();
        names.forEach(name -> {
            JsonColumn column = columns.get(name);
            chosen.add(column == null ? JsonColumn.text(JsonConversions.DMS) : column);
        });
        RowSchema schema = JsonRowPlan.schema(names, chosen);
        return JsonRowPlan.of(route, schema, chosen, fields);
    }
}

package io.millrace.schemas.decode;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How rows whose records have the same fields become rows of a table. */
final class JsonRowPlan {
    private final KeyPlan keys;
    private final JsonColumn[] columns;

    /** The place in the row of each of the record's fields; -1 for one that the row has not. */
    private final int[] places;

    private JsonRowPlan(KeyPlan keys, JsonColumn[] columns, int[] places) {
        this.keys = keys;
        this.columns = columns;
        this.places = places;
    }

    /**
     * A plan.
     *
     * @param schema the row's columns
     * @param columns how their values are made, in the same order
     * @param fields the record's fields; a column that is not among them is null
     */
    static JsonRowPlan of(TableRoute route, RowSchema schema, List<JsonColumn> columns, List<String> fields) {
        requireDistinct(fields);
        return new JsonRowPlan(
                new KeyPlan(route, schema),
                columns.toArray(JsonColumn[]::new),
                fields.stream().mapToInt(schema::indexOf).toArray());
    }

    static void requireDistinct(List<String> fields) {
        if (new HashSet<>(fields).size() < fields.size()) {
            throw new JsonRecords.Broken("it has two columns of one name");
        }
    }

    /** The schema of a row with these columns. */
    static RowSchema schema(List<String> names, List<JsonColumn> columns) {
        List<Column> all = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            all.add(new Column(
                    names.get(i), columns.get(i).type(), columns.get(i).nullable()));
        }
        return new RowSchema(all);
    }

    /** Makes a row of the fields; null if there are none. */
    EnvelopeChanges.@Nullable Image image(JsonFields fields) {
        if (!fields.isPresent()) {
            return null;
        }
        @Nullable Object[] values = new @Nullable Object[columns.length];
        for (int i = 0; i < places.length; i++) {
            Object raw = fields.value(i);
            int place = places[i];
            if (raw != null && place >= 0) {
                values[place] = columns[place].conversion().of(raw);
            }
        }
        return new EnvelopeChanges.Image(keys, values);
    }
}

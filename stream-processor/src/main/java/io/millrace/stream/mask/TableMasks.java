package io.millrace.stream.mask;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.mask.Masker;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The masks of one table. */
final class TableMasks {
    /** A bound on memory; a table has far fewer schemas at a time. */
    private static final int MOST_SCHEMAS = 1024;

    private final TableRoute route;
    private final Map<String, Mask> masks;
    private final Masker masker;
    /** By identity, as equal schemas are one instance; and so that equal masked ones are. */
    private final Map<RowSchema, Plan> plans = new IdentityHashMap<>();

    /** What is masked of rows of one schema. */
    private record Plan(RowSchema masked, @Nullable Mask[] byColumn) {}

    TableMasks(TableRoute route, Masker masker) {
        this.route = route;
        this.masks = underAllNames(route);
        this.masker = masker;
    }

    /** A masked column hides under the name that it had before it was renamed, and under the one that it will have. */
    private static Map<String, Mask> underAllNames(TableRoute route) {
        Map<String, Mask> masks = new HashMap<>(route.quality().masks());
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Map.Entry<String, String> renamed : route.renames().entrySet()) {
                grown |= share(masks, renamed.getKey(), renamed.getValue())
                        || share(masks, renamed.getValue(), renamed.getKey());
            }
        }
        return masks;
    }

    private static boolean share(Map<String, Mask> masks, String from, String to) {
        Mask mask = masks.get(from);
        return mask != null && masks.putIfAbsent(to, mask) == null;
    }

    /**
     * A masked column that the rows of a schema have under none of its names, but may have under another: one that the pipeline
     * file does not declare. Records that leave out nulls lack a masked column as well.
     */
    Optional<String> missing(RowSchema schema) {
        if (schema.columns().stream().map(Column::name).allMatch(route.columns()::containsKey)) {
            return Optional.empty();
        }
        return route.quality().masks().keySet().stream()
                .filter(column -> schema.indexOf(column) < 0
                        && route.renames().entrySet().stream()
                                .noneMatch(renamed -> renamed.getKey().equals(column)
                                                && schema.indexOf(renamed.getValue()) >= 0
                                        || renamed.getValue().equals(column) && schema.indexOf(renamed.getKey()) >= 0))
                .findFirst();
    }

    Row mask(Row row) {
        Plan plan = plan(row.schema());
        @Nullable Object[] values = new @Nullable Object[plan.byColumn.length];
        for (int i = 0; i < values.length; i++) {
            Mask mask = plan.byColumn[i];
            Object value = row.value(i);
            values[i] = mask == null
                    ? value
                    : masker.value(mask, row.schema().columns().get(i).type(), value);
        }
        return new Row(plan.masked, values);
    }

    RowKey mask(RowKey key) {
        if (route.key().stream().noneMatch(masks::containsKey)) {
            return key;
        }
        List<String> texts = key.values();
        List<String> masked = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Mask mask = i < route.key().size() ? masks.get(route.key().get(i)) : null;
            masked.add(mask == null ? texts.get(i) : masker.text(mask, texts.get(i)));
        }
        return RowKey.of(key.table(), masked);
    }

    private Plan plan(RowSchema schema) {
        Plan plan = plans.get(schema);
        if (plan == null) {
            List<Column> columns = new ArrayList<>();
            @Nullable Mask[] byColumn = new @Nullable Mask[schema.columns().size()];
            for (int i = 0; i < byColumn.length; i++) {
                Column column = schema.columns().get(i);
                byColumn[i] = masks.get(column.name());
                columns.add(byColumn[i] == null ? column : Masker.column(byColumn[i], column));
            }
            plan = new Plan(new RowSchema(columns, schema.keyColumns()), byColumn);
            if (plans.size() == MOST_SCHEMAS) {
                plans.clear();
            }
            plans.put(schema, plan);
        }
        return plan;
    }
}

package io.millrace.stream.mask;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.mask.Masker;
import io.millrace.schemas.mask.MaskingKey;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The masks of all tables. A change is masked as a whole: both rows and the key, so that the same row keeps one identity.
 *
 * <p>Not safe for use by several threads.
 */
public final class ChangeMasks {
    private final TableRoutes routes;
    private final @Nullable MaskingKey key;
    private final Map<String, Optional<TableMasks>> tables = new HashMap<>();

    /**
     * The masks of these tables.
     *
     * @param key the masking key; null if there is none, and then no table may have masks
     */
    public ChangeMasks(List<TableRoute> routes, @Nullable MaskingKey key) {
        this.routes = new TableRoutes(routes);
        this.key = key;
        for (TableRoute route : routes) {
            if (!route.quality().masks().isEmpty() && key == null) {
                throw new IllegalArgumentException("Cannot mask " + route.table() + ": there is no masking key");
            }
        }
    }

    /** The masks of a table; null if it has none. */
    private @Nullable TableMasks of(String table) {
        Optional<TableMasks> known = tables.get(table);
        if (known == null) {
            TableRoute route = routes.find(table);
            known = key == null || route == null || route.quality().masks().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TableMasks(route, new Masker(key)));
            tables.put(table, known);
        }
        return known.orElse(null);
    }

    /** Whether a table has masks at all. */
    public boolean hide(String table) {
        return of(table) != null;
    }

    /**
     * Why a change cannot be masked; empty if it can.
     *
     * <p>A row without a masked column may have the column under another name, so letting it pass could show what is to be
     * hidden. A delete has only what the source sends of the old row, and of that nothing is written.
     */
    public Optional<String> problem(ChangeEvent change) {
        TableMasks masks = of(change.key().table());
        Row after = change.after();
        return masks == null || after == null
                ? Optional.empty()
                : masks.missing(after.schema())
                        .map(column -> "Cannot mask column " + column
                                + ": the row has none of this name, and others that are not declared. Correct the masks,"
                                + " or declare all columns in the pipeline file, then replay");
    }

    /** The masked change. */
    public ChangeEvent mask(ChangeEvent change) {
        TableMasks masks = of(change.key().table());
        if (masks == null) {
            return change;
        }
        Row before = change.before();
        Row after = change.after();
        return new ChangeEvent(
                change.table(),
                masks.mask(change.key()),
                change.operation(),
                before == null ? null : masks.mask(before),
                after == null ? null : masks.mask(after),
                change.position(),
                change.eventTimeMicros());
    }

    /** The masked key. */
    public RowKey mask(RowKey row) {
        TableMasks masks = of(row.table());
        return masks == null ? row : masks.mask(row);
    }
}

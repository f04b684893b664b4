package io.millrace.schemas.pipeline;

import io.millrace.schemas.event.TableId;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a table: the one that names it, else that of the first pattern that it matches, with the names of its own
 * targets. Safe for use by several threads.
 */
public final class TableRoutes implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A bound on memory, as names come from records. */
    private static final int MOST_TABLES = 10_000;

    private final ArrayList<TableRoute> routes;
    private transient @Nullable Map<TableId, Optional<TableRoute>> found;

    public TableRoutes(List<TableRoute> routes) {
        this.routes = new ArrayList<>(routes);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return routes.isEmpty();
    }

    /** The route of a table; null if it does not flow. */
    public @Nullable TableRoute find(TableId table) {
        Map<TableId, Optional<TableRoute>> known = found();
        if (known.size() > MOST_TABLES) {
            known.clear();
        }
        return known.computeIfAbsent(table, this::search).orElse(null);
    }

    /**
     * The same for a table's full name.
     *
     * @param table such as {@code logistics.public.shipments}; null is the answer to names of any other form
     */
    public @Nullable TableRoute find(String table) {
        String[] parts = table.split("\\.", 3);
        return parts.length < 3 ? null : find(new TableId(parts[0], parts[1], parts[2]));
    }

    private Optional<TableRoute> search(TableId table) {
        for (TableRoute route : routes) {
            if (route.table().equals(table)) {
                return Optional.of(route);
            }
        }
        return routes.stream().filter(route -> route.matches(table)).findFirst().map(route -> route.of(table));
    }

    private synchronized Map<TableId, Optional<TableRoute>> found() {
        Map<TableId, Optional<TableRoute>> known = found;
        if (known == null) {
            known = new ConcurrentHashMap<>();
            found = known;
        }
        return known;
    }
}

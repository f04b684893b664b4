package io.millrace.stream.sink.iceberg;

import io.millrace.iceberg.TableDiscovery;
import io.millrace.iceberg.UpsertTable;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Iceberg tables of source tables, and the other way round. Tables whose route is a pattern, or whose key is the
 * source's own, say in their properties which source table they are and what their key is, so that a job that starts anew
 * knows them before their first change. Safe for use by several threads.
 */
public final class IcebergRoutes implements TableDiscovery {
    private static final long serialVersionUID = 1L;
    private static final String SOURCE_TABLE = "millrace.source-table";
    private static final String KEY_COLUMN = "millrace.key-column.";

    private final HashMap<String, IcebergRoute> named = new HashMap<>();
    private final TableRoutes patterns;
    /** The names that tables beyond the named ones can have. */
    private final String targets;

    private final ConcurrentHashMap<String, IcebergRoute> found = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, String> sources = new ConcurrentHashMap<>();

    /** These routes, and no patterns. */
    public IcebergRoutes(List<IcebergRoute> routes) {
        this(routes, List.of());
    }

    private IcebergRoutes(List<IcebergRoute> routes, List<TableRoute> patterns) {
        routes.forEach(route -> named.put(route.sourceTable(), route));
        this.patterns = new TableRoutes(patterns);
        List<String> names = new ArrayList<>();
        for (TableRoute route : patterns) {
            TableRoute.IcebergTarget target = route.iceberg();
            if (target != null) {
                names.add(target.namePattern());
            }
        }
        this.targets = String.join("|", names);
    }

    /** The routes of a pipeline. */
    public static IcebergRoutes of(Pipeline pipeline) {
        List<IcebergRoute> named = new ArrayList<>();
        List<TableRoute> patterns = new ArrayList<>();
        for (TableRoute route : pipeline.tables()) {
            IcebergRoute known = IcebergRoute.of(route);
            if (known != null && !route.isPattern() && !route.key().isEmpty()) {
                named.add(known);
            } else {
                // All routes that a table could have instead of a pattern's stand among them, whatever their targets.
                patterns.add(route);
            }
        }
        boolean none = patterns.stream().allMatch(route -> route.iceberg() == null);
        return new IcebergRoutes(named, none ? List.of() : patterns);
    }

    /** Whether no table goes to Iceberg. */
    public boolean isEmpty() {
        return named.isEmpty() && patterns.isEmpty();
    }

    /** Whether there may be tables beyond the named ones. */
    public boolean hasPatterns() {
        return !patterns.isEmpty();
    }

    /** The tables that the sink can be told of when the job is built. */
    public List<UpsertTable> namedTables() {
        return named.values().stream().map(IcebergRoute::table).toList();
    }

    /** The route of a source table; null if its rows do not go to Iceberg. */
    public @Nullable IcebergRoute find(String sourceTable) {
        IcebergRoute route = named.get(sourceTable);
        if (route == null) {
            route = found.get(sourceTable);
        }
        if (route == null) {
            TableRoute matching = patterns.find(sourceTable);
            route = matching == null ? null : IcebergRoute.of(matching);
            if (route != null) {
                found.put(sourceTable, route);
                sources.put(route.identifier().toString(), sourceTable);
            }
        }
        return route;
    }

    /** The route whose rows an Iceberg table has; null if it is none of these. */
    @Nullable
    IcebergRoute of(TableIdentifier table) {
        for (IcebergRoute route : named.values()) {
            if (route.identifier().equals(table)) {
                return route;
            }
        }
        String source = sources.get(table.toString());
        return source == null ? null : find(source);
    }

    /** The table of a route that is to be made or grown for rows of a schema; null if the schema names no key. */
    @Nullable
    UpsertTable table(IcebergRoute route, RowSchema schema) {
        if (named.containsKey(route.sourceTable())) {
            return route.table();
        }
        List<String> key = route.keyColumns(schema);
        if (key.isEmpty()) {
            return null;
        }
        Map<String, String> properties = new HashMap<>();
        properties.put(SOURCE_TABLE, route.sourceTable());
        for (int i = 0; i < key.size(); i++) {
            properties.put(KEY_COLUMN + i, key.get(i));
        }
        return route.table(key, properties);
    }

    @Override
    public boolean mayBe(TableIdentifier table) {
        return table.toString().matches(targets);
    }

    @Override
    public @Nullable UpsertTable define(TableIdentifier table, Map<String, String> properties) {
        String source = properties.getOrDefault(SOURCE_TABLE, "");
        IcebergRoute route = find(source);
        if (route == null || named.containsKey(source) || !route.identifier().equals(table)) {
            return null;
        }
        List<String> key = new ArrayList<>();
        for (int i = 0; properties.containsKey(KEY_COLUMN + i); i++) {
            key.add(properties.getOrDefault(KEY_COLUMN + i, ""));
        }
        if (key.isEmpty()) {
            return null;
        }
        IcebergRoute keyed = route.withKey(key);
        found.put(source, keyed);
        return keyed.table();
    }
}

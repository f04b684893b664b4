package io.millrace.batch.compact;

import io.millrace.batch.WrongUsage;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoute.IcebergTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;

/** The tables that a run is about, each with the key columns that the pipeline file gives it; none if it says nothing. */
final class AskedTables {
    /** What the stream writes beside the pipeline's tables. */
    private static final List<TableIdentifier> OPERATIONS = List.of(
            TableIdentifier.of("ops", "dead_letters"),
            TableIdentifier.of("ops", "dead_letters_raw"),
            TableIdentifier.of("ops", "reports"));

    private AskedTables() {}

    /**
     * Finds them.
     *
     * @param names Iceberg tables, or the source tables that they are made of; all of the pipeline's if empty. Those that are
     *     not named need not exist: the stream makes a table with its first row
     * @throws WrongUsage if a table that is named is in neither pipeline nor catalog
     */
    static Map<TableIdentifier, List<String>> find(Pipeline pipeline, List<String> names, Catalog catalog) {
        Map<TableIdentifier, List<String>> found = new LinkedHashMap<>();
        if (names.isEmpty()) {
            // What matches a pattern is compacted if it is asked for by name.
            named(pipeline).forEach(route -> found.put(identifier(route), route.key()));
            OPERATIONS.forEach(table -> found.putIfAbsent(table, List.of()));
            found.keySet().removeIf(table -> !catalog.tableExists(table));
            return found;
        }
        for (String name : names) {
            TableRoute route = named(pipeline)
                    .filter(candidate -> isNamed(candidate, name))
                    .findFirst()
                    .orElse(null);
            TableIdentifier table = route == null ? TableIdentifier.parse(name) : identifier(route);
            if (table.namespace().isEmpty() || !catalog.tableExists(table)) {
                throw new WrongUsage("Cannot find table " + name + " in the catalog. The pipeline has: "
                        + named(pipeline)
                                .map(candidate -> identifier(candidate).toString())
                                .collect(Collectors.joining(", "))
                        + "; a table is there once its first row has come.");
            }
            found.put(table, route == null ? List.of() : route.key());
        }
        return found;
    }

    /** What to sort by: the key of the pipeline file or else the identifier fields, as far as the table has these columns. */
    static List<String> keyColumns(Table table, List<String> fromPipeline) {
        List<String> columns =
                new ArrayList<>(fromPipeline.isEmpty() ? table.schema().identifierFieldNames() : fromPipeline);
        columns.removeIf(column -> table.schema().asStruct().field(column) == null);
        return columns;
    }

    private static Stream<TableRoute> named(Pipeline pipeline) {
        return pipeline.tables().stream().filter(route -> route.iceberg() != null && !route.isPattern());
    }

    private static boolean isNamed(TableRoute route, String name) {
        return name.equals(identifier(route).toString())
                || name.equals(route.table().toString())
                || name.equals(route.table().qualifiedName())
                || name.equals(route.table().name());
    }

    private static TableIdentifier identifier(TableRoute route) {
        IcebergTarget target = Objects.requireNonNull(route.iceberg());
        return TableIdentifier.of(target.namespace(), target.name());
    }
}

package io.millrace.stream.sink.opensearch;

import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the index of a source table. For use by one thread. */
public final class IndexRoutes implements Serializable {
    private static final long serialVersionUID = 1L;

    private final HashMap<String, IndexRoute> known;
    private final TableRoutes routes;

    private IndexRoutes(Map<String, IndexRoute> known, List<TableRoute> routes) {
        this.known = new HashMap<>(known);
        this.routes = new TableRoutes(routes);
    }

    /** The indexes of a pipeline's tables. */
    public static IndexRoutes of(Pipeline pipeline) {
        return new IndexRoutes(Map.of(), pipeline.tables());
    }

    /** These indexes, by the source table's full name. */
    public static IndexRoutes of(Map<String, IndexRoute> indexes) {
        return new IndexRoutes(indexes, List.of());
    }

    /** The index of a source table; null if its rows do not go to an index. */
    public @Nullable IndexRoute find(String sourceTable) {
        IndexRoute index = known.get(sourceTable);
        if (index == null) {
            TableRoute route = routes.find(sourceTable);
            if (route == null || route.opensearch() == null) {
                return null;
            }
            index = new IndexRoute(route.opensearch().index(), route.renames());
            known.put(sourceTable, index);
        }
        return index;
    }
}

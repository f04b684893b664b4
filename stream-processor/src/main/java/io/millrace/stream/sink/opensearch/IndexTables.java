package io.millrace.stream.sink.opensearch;

import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.stream.fit.TargetTables;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The pipeline's search indexes, made and mapped before their documents come. */
public final class IndexTables implements TargetTables {
    private final IndexRoutes routes;
    private final IndexPreparation preparation;

    /** The indexes of some tables. */
    public IndexTables(Connections.OpenSearch connection, IndexRoutes routes) {
        this.routes = routes;
        this.preparation = new IndexPreparation(new OpenSearchClient(connection), connection.replicas());
    }

    @Override
    public @Nullable String refusal(String table, RowSchema schema) throws IOException, InterruptedException {
        IndexRoute route = routes.find(table);
        return route == null
                ? null
                : withRemedy(route, preparation.look(route, schema).refusal());
    }

    @Override
    public @Nullable String fit(String table, RowSchema schema) throws IOException, InterruptedException {
        IndexRoute route = routes.find(table);
        return route == null
                ? null
                : withRemedy(route, preparation.prepare(route, schema).refusal());
    }

    @Override
    public boolean holdsRows(String table) throws IOException, InterruptedException {
        IndexRoute route = routes.find(table);
        return route != null && preparation.holdsDocuments(route.index());
    }

    private static @Nullable String withRemedy(IndexRoute route, @Nullable String refusal) {
        return refusal == null
                ? null
                : refusal + ". Reindex " + route.index()
                        + " with another mapping, or change the source back, and replay the dead letters";
    }

    @Override
    public void close() {}
}

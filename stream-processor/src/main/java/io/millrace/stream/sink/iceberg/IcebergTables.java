package io.millrace.stream.sink.iceberg;

import io.millrace.iceberg.CatalogLoader;
import io.millrace.iceberg.SchemaGate;
import io.millrace.schemas.event.RowSchema;
import io.millrace.stream.fit.TargetTables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The pipeline's Iceberg tables, made and grown before their rows come. */
public final class IcebergTables implements TargetTables {
    private final Map<String, IcebergRoute> routes = new HashMap<>();
    private final SchemaGate gate;

    /** Opens the catalog. */
    public IcebergTables(CatalogLoader catalog, List<IcebergRoute> routes) {
        routes.forEach(route -> this.routes.put(route.sourceTable(), route));
        this.gate = new SchemaGate(catalog);
    }

    @Override
    public @Nullable String refusal(String table, RowSchema schema) {
        return ask(table, schema, (route, rows) -> gate.refusal(route.table(), rows));
    }

    @Override
    public @Nullable String fit(String table, RowSchema schema) {
        return ask(table, schema, (route, rows) -> gate.admit(route.table(), rows));
    }

    private @Nullable String ask(
            String table, RowSchema schema, BiFunction<IcebergRoute, Schema, @Nullable String> question) {
        IcebergRoute route = routes.get(table);
        if (route == null) {
            return null;
        }
        String refusal = question.apply(route, TableSchema.of(schema, route.keyColumns()));
        return refusal == null
                ? null
                : refusal + " Change column or table " + route.identifier()
                        + " by hand, or the source back, and replay the dead letters";
    }

    @Override
    public void close() {
        gate.close();
    }
}

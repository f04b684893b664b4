package io.millrace.stream.sink.iceberg;

import io.millrace.iceberg.CatalogLoader;
import io.millrace.iceberg.SchemaGate;
import io.millrace.iceberg.UpsertTable;
import io.millrace.schemas.event.RowSchema;
import io.millrace.stream.fit.TargetTables;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The pipeline's Iceberg tables, made and grown before their rows come. */
public final class IcebergTables implements TargetTables {
    private final IcebergRoutes routes;
    private final SchemaGate gate;

    /** Opens the catalog. */
    public IcebergTables(CatalogLoader catalog, IcebergRoutes routes) {
        this.routes = routes;
        this.gate = new SchemaGate(catalog);
    }

    @Override
    public @Nullable String refusal(String table, RowSchema schema) {
        return ask(table, schema, gate::refusal);
    }

    @Override
    public @Nullable String fit(String table, RowSchema schema) {
        return ask(table, schema, gate::admit);
    }

    @Override
    public boolean holdsRows(String table) {
        IcebergRoute route = routes.find(table);
        return route != null && gate.holdsRows(route.identifier());
    }

    private @Nullable String ask(
            String table, RowSchema schema, BiFunction<UpsertTable, Schema, @Nullable String> question) {
        IcebergRoute route = routes.find(table);
        if (route == null) {
            return null;
        }
        UpsertTable target = routes.table(route, schema);
        if (target == null) {
            return "Cannot tell the key of table " + route.identifier() + ". Give its columns in the pipeline file";
        }
        if (route.keyColumns().isEmpty()) {
            Set<String> key = gate.key(route.identifier());
            if (!key.isEmpty() && !key.equals(Set.copyOf(target.keyColumns()))) {
                return "Cannot tell rows apart: the source's key is now (" + String.join(", ", target.keyColumns())
                        + "), and that of table " + route.identifier() + " is (" + String.join(", ", key)
                        + "). Set the source's key back, or drop the table, and replay the dead letters";
            }
        }
        String refusal = question.apply(target, TableSchema.of(schema, target.keyColumns()));
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

package io.millrace.stream.sink.iceberg;

import io.millrace.iceberg.CatalogLoader;
import io.millrace.iceberg.SchemaGate;
import io.millrace.iceberg.UpsertTable;
import io.millrace.schemas.event.RowSchema;
import io.millrace.stream.fit.TargetTables;
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

    private @Nullable String ask(
            String table, RowSchema schema, BiFunction<UpsertTable, Schema, @Nullable String> question) {
        IcebergRoute route = routes.find(table);
        if (route == null) {
            return null;
        }
        UpsertTable target = routes.table(route, schema);
        String refusal = target == null
                ? "Cannot tell the key of table " + route.identifier() + "."
                : question.apply(target, TableSchema.of(schema, target.keyColumns()));
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

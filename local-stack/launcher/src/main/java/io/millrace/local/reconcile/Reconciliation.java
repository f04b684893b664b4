package io.millrace.local.reconcile;

import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;

/** Compares the tables of a pipeline with their sources. */
public final class Reconciliation implements AutoCloseable {
    private final Pipeline pipeline;
    private final Duration settle;
    private final Catalog catalog;

    /**
     * Opens the catalog.
     *
     * @param pipeline a pipeline whose databases all have an address
     * @param settle how long rows that differ are looked at again, as their change may be under way
     */
    public Reconciliation(Pipeline pipeline, Duration settle) {
        this.pipeline = pipeline;
        this.settle = settle;
        String name = pipeline.connections().iceberg().catalog();
        try {
            this.catalog = CatalogUtil.buildIcebergCatalog(
                    name, pipeline.connections().iceberg().properties(), null);
        } catch (RuntimeException e) {
            throw new ReconcileProblem(
                    "Cannot open Iceberg catalog " + name + ": " + e.getMessage()
                            + ". Check that it is up, and what the connections file says of it.",
                    e);
        }
    }

    /** The routes of all tables: of those that match a pattern, each its own, as the databases have them now. */
    public List<TableRoute> routes() {
        TableRoutes all = pipeline.routes();
        return pipeline.tables().stream()
                .flatMap(route -> route.isPattern() || route.key().isEmpty()
                        ? SourceRoutes.of(database(route), route, all).stream()
                        : Stream.of(route))
                .toList();
    }

    /** Compares one table with its targets. */
    public TableResult compare(TableRoute route) {
        SourceRows source = SourceRows.open(
                database(route),
                route,
                new ColumnMasks(route, pipeline.masking().open()));
        TableComparison comparison = new TableComparison(source.table(), source, settle, TableComparison.machineTime());
        List<TargetResult> results = new ArrayList<>();
        TableRoute.IcebergTarget iceberg = route.iceberg();
        if (iceberg != null) {
            TableIdentifier identifier =
                    TableIdentifier.of(Namespace.of(iceberg.namespace().split("\\.")), iceberg.name());
            results.add(comparison.compare(
                    "iceberg", identifier.toString(), new LateTable(catalog, identifier, source.table())));
        }
        TableRoute.OpenSearchTarget index = route.opensearch();
        if (index != null) {
            SearchCluster cluster = SearchCluster.of(pipeline.connections().opensearch());
            results.add(comparison.compare(
                    "opensearch", index.index(), new IndexRows(cluster, index.index(), source.table())));
        }
        return new TableResult(route.table().toString(), results);
    }

    private Database database(TableRoute route) {
        for (Source source : pipeline.sources()) {
            Database database = source.database();
            if (source.name().equals(route.table().source()) && database != null) {
                return database;
            }
        }
        throw new ReconcileProblem("Cannot compare table " + route.table() + ": the pipeline file names no database for"
                + " its source. Leave the table out with --table.");
    }

    @Override
    public void close() {
        if (catalog instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A table that is made with its first row, and so may not exist yet. */
    private static final class LateTable implements RowsOfTable {
        private final Catalog catalog;
        private final TableIdentifier identifier;
        private final ComparedTable table;
        private Optional<IcebergRows> rows = Optional.empty();

        LateTable(Catalog catalog, TableIdentifier identifier, ComparedTable table) {
            this.catalog = catalog;
            this.identifier = identifier;
            this.table = table;
        }

        @Override
        public void scan(Consumer<ComparedRow> consumer) {
            load().ifPresent(present -> present.scan(consumer));
        }

        @Override
        public Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById) {
            return load().map(present -> present.find(keysById)).orElse(Map.of());
        }

        private Optional<IcebergRows> load() {
            if (rows.isEmpty()) {
                try {
                    Table loaded = catalog.loadTable(identifier);
                    rows = Optional.of(new IcebergRows(loaded, table));
                } catch (NoSuchTableException e) {
                    return rows;
                }
            }
            return rows;
        }
    }
}

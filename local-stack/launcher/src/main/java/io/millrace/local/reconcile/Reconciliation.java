package io.millrace.local.reconcile;

import io.millrace.local.deadletter.ReplayStream;
import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** Compares the tables of a pipeline with their sources. */
public final class Reconciliation implements AutoCloseable {
    /** As many rows as are read and sent in a few seconds: fewer are compared one by one. */
    public static final long CHECKSUMS_FROM = 200_000;

    /** No table is compared by checksums. */
    public static final long NO_CHECKSUMS = Long.MAX_VALUE;

    private final Pipeline pipeline;
    private final TableComparison.Method method;
    private final Duration settle;
    private final Catalog catalog;

    /**
     * Opens the catalog.
     *
     * @param pipeline a pipeline whose databases all have an address
     * @param checksumsFrom the number of rows from which tables are compared by checksums
     * @param settle how long rows that differ are looked at again, as their change may be under way
     */
    public Reconciliation(Pipeline pipeline, long checksumsFrom, Duration settle) {
        this.pipeline = pipeline;
        this.method = new TableComparison.Method(checksumsFrom);
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
        SourceRows source = source(route);
        List<TableComparison.Target> targets = new ArrayList<>();
        TableRoute.IcebergTarget iceberg = route.iceberg();
        if (iceberg != null) {
            TableIdentifier identifier =
                    TableIdentifier.of(Namespace.of(iceberg.namespace().split("\\.")), iceberg.name());
            targets.add(new TableComparison.Target(
                    "iceberg", identifier.toString(), new IcebergRows(catalog, identifier, source.table())));
        }
        index(route, source)
                .ifPresent(index -> targets.add(new TableComparison.Target(
                        "opensearch", Objects.requireNonNull(route.opensearch()).index(), index)));
        return new TableComparison(source.table(), source, method, settle, TableComparison.machineTime())
                .compare(targets);
    }

    /**
     * Sends the rows of a table that differ through the pipeline once more, as the source has them by now.
     *
     * @param result how the table compares
     * @param stream the pipeline's replay stream
     */
    public TableRepair repair(TableRoute route, TableResult result, ReplayStream stream) {
        if (!(source(route) instanceof SourceTable source)) {
            throw new ReconcileProblem(
                    "Cannot repair table " + route.table()
                            + ": only rows of PostgreSQL can be read with their place in its log. Let the capture read the table again.");
        }
        List<Difference> differences = result.targets().stream()
                .flatMap(target -> target.differences().stream())
                .toList();
        List<String> ids = differences.stream()
                .map(difference -> source.table().id(difference.key()))
                .distinct()
                .toList();
        Repair.Sent sent = new Repair(
                        route,
                        source,
                        stream,
                        new RecordSeal(pipeline.masking().open().orElse(null)),
                        Clock.systemUTC())
                .send(
                        differences,
                        index(route, source).map(index -> index.versions(ids)).orElse(Map.of()));
        return new TableRepair(result.table(), sent.sent(), sent.notSent());
    }

    private SourceRows source(TableRoute route) {
        return SourceRows.open(
                database(route),
                route,
                new ColumnMasks(route, pipeline.masking().open()));
    }

    private Optional<IndexRows> index(TableRoute route, SourceRows source) {
        TableRoute.OpenSearchTarget index = route.opensearch();
        return index == null
                ? Optional.empty()
                : Optional.of(new IndexRows(
                        SearchCluster.of(pipeline.connections().opensearch()), index.index(), source.table()));
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
}

package io.millrace.iceberg;

import io.millrace.iceberg.table.SchemaPlan;
import io.millrace.iceberg.table.TableMaker;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Makes tables fit for changes before the changes come to the sink, for callers who have to know beforehand that the sink
 * will take them: what the gate has let in, the sink refuses only if somebody takes the table's columns back meanwhile.
 *
 * <p>Steps are additive and retried against the catalog, so several gates and writers may take them at once. Not safe for use
 * by several threads.
 */
public final class SchemaGate implements AutoCloseable {
    private final Catalog catalog;
    private final TableMaker maker;

    /** Opens the catalog. */
    public SchemaGate(CatalogLoader loader) {
        this.catalog = loader.load();
        this.maker = new TableMaker(catalog);
    }

    /** Why rows of this schema can never be written, in a sentence; null if they can. Looks, and changes nothing. */
    public @Nullable String refusal(UpsertTable table, Schema change) {
        Table existing = maker.load(table);
        if (existing != null) {
            return message(SchemaPlan.of(existing.schema(), change, Set.copyOf(table.keyColumns()), table.renames()));
        }
        try {
            TableMaker.partitions(table, change);
            return null;
        } catch (IllegalArgumentException refused) {
            return refused.getMessage();
        }
    }

    /** The columns that identify a row of the table, as its schema says; empty if it says nothing, or is not there. */
    public Set<String> key(TableIdentifier name) {
        return catalog.tableExists(name) ? catalog.loadTable(name).schema().identifierFieldNames() : Set.of();
    }

    /** Whether the table has data files, whatever is deleted of them; false if there is no such table. */
    public boolean holdsRows(TableIdentifier name) {
        if (!catalog.tableExists(name)) {
            return false;
        }
        try (CloseableIterable<FileScanTask> files =
                        catalog.loadTable(name).newScan().planFiles();
                CloseableIterator<FileScanTask> each = files.iterator()) {
            return each.hasNext();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the files of table: " + name, e);
        }
    }

    /**
     * Makes the table, or changes its schema, so that rows of this schema can be written.
     *
     * @return why they can never be; null if they can now
     */
    public @Nullable String admit(UpsertTable table, Schema change) {
        try {
            Table existing = maker.load(table);
            return message(maker.fit(
                    existing == null ? maker.create(table, change) : existing,
                    change,
                    Set.copyOf(table.keyColumns()),
                    table.renames()));
        } catch (IllegalArgumentException refused) {
            return refused.getMessage();
        }
    }

    private static @Nullable String message(SchemaPlan plan) {
        return plan instanceof SchemaPlan.Incompatible incompatible ? incompatible.message() : null;
    }

    @Override
    public void close() {
        if (catalog instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot close the catalog", e);
            }
        }
    }
}

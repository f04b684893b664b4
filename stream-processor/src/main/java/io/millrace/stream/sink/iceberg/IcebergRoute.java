package io.millrace.stream.sink.iceberg;

import io.millrace.iceberg.UpsertTable;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.TableRoute;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Which Iceberg table has the rows of a source table.
 *
 * @param sourceTable the source table as {@code RowKey} names it
 * @param namespace the Iceberg table's namespace; a dot separates levels
 * @param name the Iceberg table's name
 * @param keyColumns the columns that identify a row, in order; empty if those are the key that each row's schema names
 * @param partitionBy the partition fields of a new table
 * @param formatVersion the format version of a new table
 * @param keyBloomFilter whether a new table's files have bloom filters on the key columns
 * @param renames columns that the source has renamed: the new name to the one before
 */
public record IcebergRoute(
        String sourceTable,
        String namespace,
        String name,
        List<String> keyColumns,
        List<String> partitionBy,
        int formatVersion,
        boolean keyBloomFilter,
        Map<String, String> renames)
        implements Serializable {

    /** Takes a copy that travels to the task managers. */
    public IcebergRoute {
        renames = new HashMap<>(renames);
    }

    /** The Iceberg table's name in the catalog. */
    public TableIdentifier identifier() {
        return TableIdentifier.of(Namespace.of(namespace.split("\\.")), name);
    }

    /** The route of a pipeline's table; null if its rows do not go to Iceberg. */
    public static @Nullable IcebergRoute of(TableRoute route) {
        TableRoute.IcebergTarget target = route.iceberg();
        return target == null
                ? null
                : new IcebergRoute(
                        route.table().toString(),
                        target.namespace(),
                        target.name(),
                        route.key(),
                        target.partitionBy(),
                        target.formatVersion(),
                        target.keyBloomFilter(),
                        route.renames());
    }

    /** The same route with a key that was not known before. */
    IcebergRoute withKey(List<String> key) {
        return new IcebergRoute(sourceTable, namespace, name, key, partitionBy, formatVersion, keyBloomFilter, renames);
    }

    /** The columns that identify a row of this schema. */
    public List<String> keyColumns(RowSchema schema) {
        return keyColumns.isEmpty() ? schema.keyColumns() : keyColumns;
    }

    /** The table as the sink takes it. */
    public UpsertTable table() {
        return table(keyColumns, Map.of());
    }

    /** The table as the sink takes it, with its key and properties. */
    UpsertTable table(List<String> key, Map<String, String> properties) {
        UpsertTable table = new UpsertTable(identifier(), key, partitionBy, formatVersion, properties, renames);
        return keyBloomFilter ? table.withKeyBloomFilters() : table;
    }
}

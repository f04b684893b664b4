package io.millrace.stream.sink.iceberg;

import io.millrace.iceberg.UpsertTable;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Which Iceberg table has the rows of a source table.
 *
 * @param sourceTable the source table as {@code RowKey} names it
 * @param namespace the Iceberg table's namespace; a dot separates levels
 * @param name the Iceberg table's name
 * @param keyColumns the columns that identify a row, in order
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

    /** The table as the sink takes it. */
    public UpsertTable table() {
        UpsertTable table = new UpsertTable(identifier(), keyColumns, partitionBy, formatVersion, Map.of(), renames);
        return keyBloomFilter ? table.withKeyBloomFilters() : table;
    }
}

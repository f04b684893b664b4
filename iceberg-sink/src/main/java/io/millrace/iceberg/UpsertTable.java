package io.millrace.iceberg;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A table that the sink writes, and how it is made if it does not exist.
 *
 * @param identifier the table's name in the catalog
 * @param keyColumns the columns that identify a row, in order; at least one
 * @param partitionBy the partition fields of a new table, such as {@code region}, {@code day(created_at)},
 *     {@code bucket(16, id)}
 * @param formatVersion the format version of a new table: 2 writes position-delete files, 3 deletion vectors
 * @param properties further table properties of a new table
 * @param renames columns that the source has renamed or is going to rename: a column's name to the one it had before. The
 *     table's column is renamed with the first change that has the new name, and keeps its values
 */
public record UpsertTable(
        TableIdentifier identifier,
        List<String> keyColumns,
        List<String> partitionBy,
        int formatVersion,
        Map<String, String> properties,
        Map<String, String> renames)
        implements Serializable {

    /** A table whose columns keep their names. */
    public UpsertTable(
            TableIdentifier identifier,
            List<String> keyColumns,
            List<String> partitionBy,
            int formatVersion,
            Map<String, String> properties) {
        this(identifier, keyColumns, partitionBy, formatVersion, properties, Map.of());
    }

    /** Takes copies that travel to the task managers. */
    public UpsertTable {
        if (keyColumns.isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot write a table without key: " + identifier + ". Name the columns that identify a row.");
        }
        if (formatVersion != 2 && formatVersion != 3) {
            throw new IllegalArgumentException("Cannot write " + identifier + " with format version " + formatVersion
                    + ": choose 2 (position-delete files) or 3 (deletion vectors).");
        }
        keyColumns = new ArrayList<>(keyColumns);
        partitionBy = new ArrayList<>(partitionBy);
        properties = new HashMap<>(properties);
        renames = new HashMap<>(renames);
    }

    /**
     * The same table with a Parquet bloom filter on each key column: readers that look for single keys skip row groups that
     * do not have them. Costs about 1.2 bytes a row and key column in the files; worth it where keys are random, as those
     * that grow with time are told apart by their bounds.
     */
    public UpsertTable withKeyBloomFilters() {
        Map<String, String> more = new HashMap<>(properties);
        for (String column : keyColumns) {
            more.put(TableProperties.PARQUET_BLOOM_FILTER_COLUMN_ENABLED_PREFIX + column, "true");
        }
        return new UpsertTable(identifier, keyColumns, partitionBy, formatVersion, more, renames);
    }

    // Iceberg's identifier does not travel by itself.
    private Object writeReplace() {
        return new Portable(
                identifier.namespace().levels(),
                identifier.name(),
                keyColumns,
                partitionBy,
                formatVersion,
                properties,
                renames);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Portable(
            String[] namespace,
            String name,
            List<String> keyColumns,
            List<String> partitionBy,
            int formatVersion,
            Map<String, String> properties,
            Map<String, String> renames)
            implements Serializable {
        private Object readResolve() {
            return new UpsertTable(
                    TableIdentifier.of(Namespace.of(namespace), name),
                    keyColumns,
                    partitionBy,
                    formatVersion,
                    properties,
                    renames);
        }
    }
}

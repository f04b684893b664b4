package io.millrace.schemas.pipeline;

import io.millrace.schemas.event.TableId;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the changes of one source table go.
 *
 * @param table the source table
 * @param key the columns that identify a row, in order; at least one
 * @param columns the types of columns whose records do not tell them
 * @param iceberg the Iceberg table; null if the rows go to the index only
 * @param opensearch the index; null if the rows go to the Iceberg table only
 * @param renames columns that the source has renamed or is going to rename: the new name to the one before
 * @param quality the table's masks and rules
 */
public record TableRoute(
        TableId table,
        List<String> key,
        Map<String, DeclaredType> columns,
        @Nullable IcebergTarget iceberg,
        @Nullable OpenSearchTarget opensearch,
        Map<String, String> renames,
        Quality quality)
        implements Serializable {

    public TableRoute {
        renames = Map.copyOf(renames);
    }

    /** A route of a table whose records tell their types, whose columns keep their names, without masks and rules. */
    public TableRoute(
            TableId table, List<String> key, @Nullable IcebergTarget iceberg, @Nullable OpenSearchTarget opensearch) {
        this(table, key, Map.of(), iceberg, opensearch, Map.of(), Quality.NONE);
    }

    /**
     * An Iceberg table.
     *
     * @param namespace the table's namespace in the catalog
     * @param name the table's name in it
     * @param partitionBy the partition fields, such as {@code region}, {@code day(created_at)}, {@code bucket(16, id)}
     * @param formatVersion 2, or 3 for deletion vectors
     * @param keyBloomFilter whether files have bloom filters on the key columns
     */
    public record IcebergTarget(
            String namespace, String name, List<String> partitionBy, int formatVersion, boolean keyBloomFilter)
            implements Serializable {}

    /**
     * An OpenSearch index.
     *
     * @param index its name
     */
    public record OpenSearchTarget(String index) implements Serializable {}
}

package io.millrace.schemas.pipeline;

import io.millrace.schemas.event.TableId;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the changes of one source table go.
 *
 * @param table the source table; a {@code *} in its name stands for any characters, and the route for all tables that match
 * @param key the columns that identify a row, in order; empty for the primary key, which the records' schema names
 * @param columns the types of columns whose records do not tell them
 * @param iceberg the Iceberg table; null if the rows go to the index only
 * @param opensearch the index; null if the rows go to the Iceberg table only
 * @param renames columns that the source has renamed or is going to rename: the new name to the one before
 * @param quality the table's masks and rules
 * @param onTruncate what becomes of the rows in the targets when the source empties the whole table at once
 */
public record TableRoute(
        TableId table,
        List<String> key,
        Map<String, DeclaredType> columns,
        @Nullable IcebergTarget iceberg,
        @Nullable OpenSearchTarget opensearch,
        Map<String, String> renames,
        Quality quality,
        OnTruncate onTruncate)
        implements Serializable {

    /** What becomes of the rows in the targets when the source empties the whole table at once. */
    public enum OnTruncate {
        /** They stay, and the truncation is a dead letter, for somebody to decide. */
        DEAD_LETTER,
        /** Those that are older than the truncation go. */
        APPLY
    }

    public TableRoute {
        renames = Map.copyOf(renames);
    }

    /** A route of a table whose records tell their types, whose columns keep their names, without masks and rules. */
    public TableRoute(
            TableId table, List<String> key, @Nullable IcebergTarget iceberg, @Nullable OpenSearchTarget opensearch) {
        this(table, key, Map.of(), iceberg, opensearch, Map.of(), Quality.NONE);
    }

    /** A route of a table whose truncations are dead letters. */
    public TableRoute(
            TableId table,
            List<String> key,
            Map<String, DeclaredType> columns,
            @Nullable IcebergTarget iceberg,
            @Nullable OpenSearchTarget opensearch,
            Map<String, String> renames,
            Quality quality) {
        this(table, key, columns, iceberg, opensearch, renames, quality, OnTruncate.DEAD_LETTER);
    }

    /** Whether this is the route of all tables whose names match, with templates for the names of their targets. */
    public boolean isPattern() {
        return table.name().contains("*");
    }

    /** Whether a table matches the pattern. */
    public boolean matches(TableId other) {
        return isPattern()
                && other.source().equals(table.source())
                && other.schema().equals(table.schema())
                && other.name().matches(namePattern());
    }

    /** The pattern of the tables' names as a regular expression. */
    public String namePattern() {
        return Arrays.stream(table.name().split("\\*", -1))
                .map(part -> part.isEmpty() ? "" : Pattern.quote(part))
                .collect(Collectors.joining(".*"));
    }

    /** The route of one of the tables that match, with its own targets. */
    public TableRoute of(TableId one) {
        return new TableRoute(
                one,
                key,
                columns,
                iceberg == null
                        ? null
                        : new IcebergTarget(
                                NameTemplate.fill(iceberg.namespace(), one),
                                NameTemplate.fill(iceberg.name(), one),
                                iceberg.partitionBy(),
                                iceberg.formatVersion(),
                                iceberg.keyBloomFilter()),
                opensearch == null ? null : new OpenSearchTarget(NameTemplate.fill(opensearch.index(), one)),
                renames,
                quality,
                onTruncate);
    }

    /** The same route with its key named. */
    public TableRoute withKey(List<String> columnsOfKey) {
        return new TableRoute(table, columnsOfKey, columns, iceberg, opensearch, renames, quality, onTruncate);
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
            implements Serializable {

        /** A regular expression that the full names of all tables match that this may stand for. */
        public String namePattern() {
            return NameTemplate.pattern(namespace + "." + name);
        }
    }

    /**
     * An OpenSearch index.
     *
     * @param index its name
     */
    public record OpenSearchTarget(String index) implements Serializable {}
}

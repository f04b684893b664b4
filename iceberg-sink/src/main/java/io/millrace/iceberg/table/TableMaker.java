package io.millrace.iceberg.table;

import io.millrace.iceberg.UpsertTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds, makes and grows tables. Several subtasks may do so at once: the catalog lets one win, the others see its work. */
public final class TableMaker {
    private static final Logger LOG = LoggerFactory.getLogger(TableMaker.class);
    private static final int EVOLUTION_ATTEMPTS = 20;

    private final Catalog catalog;

    public TableMaker(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The table, or null if it does not exist. */
    public @Nullable Table load(UpsertTable table) {
        try {
            return catalog.loadTable(table.identifier());
        } catch (NoSuchTableException absent) {
            return null;
        }
    }

    /**
     * Makes the table for rows of this schema, and its namespace; or loads it, if another was faster.
     *
     * @throws IllegalArgumentException if a key column or a partition field does not fit the schema
     */
    public Table create(UpsertTable table, Schema change) {
        Schema schema = withKey(change, table.keyColumns());
        PartitionSpec spec = partitions(table, change);
        createNamespace(table.identifier().namespace());
        try {
            Table created = catalog.createTable(table.identifier(), schema, spec, properties(table));
            LOG.info("Created table {} with schema {} and {}", table.identifier(), schema, spec);
            return created;
        } catch (RuntimeException raced) {
            // AlreadyExistsException, or whatever the catalog's database says to two creators at once.
            Table existing = load(table);
            if (existing == null) {
                throw raced;
            }
            return existing;
        }
    }

    /**
     * The partition spec of a table that is to be made for rows of this schema.
     *
     * @throws IllegalArgumentException if a key column or a partition field does not fit the schema
     */
    public static PartitionSpec partitions(UpsertTable table, Schema change) {
        return PartitionFields.parse(withKey(change, table.keyColumns()), table.partitionBy());
    }

    private void createNamespace(Namespace namespace) {
        if (namespace.isEmpty() || !(catalog instanceof SupportsNamespaces namespaces)) {
            return;
        }
        try {
            if (!namespaces.namespaceExists(namespace)) {
                namespaces.createNamespace(namespace);
            }
        } catch (RuntimeException raced) {
            if (!namespaces.namespaceExists(namespace)) {
                throw raced;
            }
            LOG.debug("Namespace {} was created meanwhile", namespace);
        }
    }

    private static Schema withKey(Schema change, List<String> keyColumns) {
        List<Types.NestedField> columns = new ArrayList<>();
        Set<Integer> identifiers = new HashSet<>();
        Set<String> missing = new HashSet<>(keyColumns);
        boolean identifiable = true;
        for (Types.NestedField column : change.columns()) {
            boolean key = missing.remove(column.name());
            columns.add(key ? column.asRequired() : column);
            if (key) {
                identifiers.add(column.fieldId());
                Type.TypeID type = column.type().typeId();
                identifiable &=
                        column.type().isPrimitiveType() && type != Type.TypeID.FLOAT && type != Type.TypeID.DOUBLE;
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("Cannot create a table without its key columns: " + missing);
        }
        // Iceberg takes no floating-point identifier; such a key still identifies rows for this sink.
        return new Schema(columns, identifiable ? identifiers : Set.of());
    }

    private static Map<String, String> properties(UpsertTable table) {
        Map<String, String> properties = new HashMap<>();
        properties.put(TableProperties.FORMAT_VERSION, Integer.toString(table.formatVersion()));
        properties.put(TableProperties.PARQUET_COMPRESSION, "zstd");
        properties.put(TableProperties.DELETE_PARQUET_COMPRESSION, "zstd");
        properties.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
        properties.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");
        for (String key : table.keyColumns()) {
            properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + key, "full");
        }
        properties.putAll(table.properties());
        return properties;
    }

    /**
     * Grows the table's schema, if needed, so that changes of this schema fit; the table is up to date afterwards.
     *
     * @return {@link SchemaPlan.Fits}, or why they cannot
     */
    public SchemaPlan fit(Table table, Schema change, Set<String> keyColumns, Map<String, String> renames) {
        for (int attempt = 1; ; attempt++) {
            SchemaPlan plan = SchemaPlan.of(table.schema(), change, keyColumns, renames);
            if (plan instanceof SchemaPlan.Fits) {
                return plan;
            }
            // Another subtask may have taken the same steps already, or somebody what stood in their way.
            table.refresh();
            plan = SchemaPlan.of(table.schema(), change, keyColumns, renames);
            if (!(plan instanceof SchemaPlan.Evolve current)) {
                return plan;
            }
            try {
                UpdateSchema update = table.updateSchema();
                current.apply(update);
                update.commit();
                LOG.info("Changed schema of {}: {}", table.name(), current.steps());
            } catch (CommitFailedException raced) {
                if (attempt >= EVOLUTION_ATTEMPTS) {
                    throw raced;
                }
                LOG.debug("Schema of {} was changed meanwhile, attempt {}", table.name(), attempt);
            } catch (IllegalArgumentException refused) {
                return new SchemaPlan.Incompatible(
                        "Cannot change schema of " + table.name() + ": " + refused.getMessage());
            }
            table.refresh();
        }
    }
}

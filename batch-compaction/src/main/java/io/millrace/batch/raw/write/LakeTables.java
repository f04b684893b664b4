package io.millrace.batch.raw.write;

import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.jspecify.annotations.Nullable;

/** Finds and makes tables. */
final class LakeTables {
    private static final Map<String, String> PROPERTIES = Map.of(
            TableProperties.FORMAT_VERSION, "2",
            TableProperties.PARQUET_COMPRESSION, "zstd");

    private LakeTables() {}

    static @Nullable Table find(Catalog catalog, TableIdentifier name) {
        try {
            return catalog.loadTable(name);
        } catch (NoSuchTableException e) {
            return null;
        }
    }

    /** The table, made if it is not there. */
    static Table open(
            Catalog catalog, TableIdentifier name, Schema schema, PartitionSpec spec, Map<String, String> properties) {
        Table table = find(catalog, name);
        if (table != null) {
            return table;
        }
        Namespace namespace = name.namespace();
        if (catalog instanceof SupportsNamespaces namespaces && !namespaces.namespaceExists(namespace)) {
            try {
                namespaces.createNamespace(namespace);
            } catch (AlreadyExistsException e) {
                // Another run was first.
            }
        }
        Map<String, String> all = new TreeMap<>(PROPERTIES);
        all.putAll(properties);
        try {
            return catalog.createTable(name, schema, spec, all);
        } catch (AlreadyExistsException e) {
            return catalog.loadTable(name);
        }
    }
}

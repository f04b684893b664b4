package io.millrace.batch.mart.publish;

import io.millrace.batch.mart.CommitRetry;
import io.millrace.batch.mart.MartFailure;
import io.millrace.schemas.pipeline.Mart;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.types.StructType;

/** Makes a mart's table, and lets its columns grow with the mart's definition. */
public final class MartTable {
    /** Days of a backfill commit side by side, several times each: Iceberg's own four are too few. */
    private static final String RETRIES = "30";

    private static final Map<String, String> PROPERTIES = Map.of(
            TableProperties.FORMAT_VERSION, "2",
            TableProperties.PARQUET_COMPRESSION, "zstd",
            // The runs say themselves which rows go to which file.
            TableProperties.WRITE_DISTRIBUTION_MODE, TableProperties.WRITE_DISTRIBUTION_MODE_NONE);

    private MartTable() {}

    /**
     * The mart's table with at least the columns of a run.
     *
     * @throws MartFailure if there is a table of this name that cannot hold the mart
     */
    public static Table open(Catalog catalog, Mart mart, StructType columns) {
        TableIdentifier name = TableIdentifier.parse(mart.table());
        Schema schema = SparkSchemaUtil.convert(columns);
        if (!catalog.tableExists(name)) {
            create(catalog, name, schema, mart.dayColumn());
        }
        Table table = catalog.loadTable(name);
        requireDayPartition(table, mart.dayColumn());
        if (!table.properties().containsKey(TableProperties.COMMIT_NUM_RETRIES)) {
            CommitRetry.repeat(table, "let commits to " + table.name() + " be repeated", () -> {
                table.updateProperties()
                        .set(TableProperties.COMMIT_NUM_RETRIES, RETRIES)
                        .commit();
                return table;
            });
        }
        if (schema.columns().stream().anyMatch(column -> table.schema().findField(column.name()) == null)) {
            try {
                table.updateSchema().unionByNameWith(schema).commit();
            } catch (IllegalArgumentException e) {
                throw new MartFailure(
                        "Cannot add the mart's new columns to " + mart.table() + ": " + e.getMessage(), e);
            }
        }
        return table;
    }

    private static void create(Catalog catalog, TableIdentifier name, Schema schema, String dayColumn) {
        Namespace namespace = name.namespace();
        if (catalog instanceof SupportsNamespaces namespaces && !namespaces.namespaceExists(namespace)) {
            try {
                namespaces.createNamespace(namespace);
            } catch (AlreadyExistsException e) {
                // Another run was first.
            }
        }
        try {
            catalog.createTable(
                    name,
                    schema,
                    PartitionSpec.builderFor(schema).identity(dayColumn).build(),
                    PROPERTIES);
        } catch (AlreadyExistsException e) {
            // Another run was first.
        }
    }

    private static void requireDayPartition(Table table, String dayColumn) {
        Types.NestedField day = table.schema().findField(dayColumn);
        boolean partitioned = day != null
                && day.type().equals(Types.DateType.get())
                && table.spec().fields().size() == 1
                && table.spec().identitySourceIds().contains(day.fieldId());
        if (!partitioned) {
            throw new MartFailure("Cannot write to " + table.name() + ": it is not partitioned by the date " + dayColumn
                    + " alone. Give the mart another table, or drop this one");
        }
    }
}

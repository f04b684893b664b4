package io.millrace.batch.raw.write;

import io.millrace.batch.raw.infer.ColumnChange;
import io.millrace.batch.raw.infer.TableColumn;
import io.millrace.batch.raw.read.LoadedRows;
import io.millrace.schemas.pipeline.LandingFile;
import io.millrace.schemas.pipeline.LandingZone;
import io.millrace.schemas.pipeline.LandingZone.Mode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The table that a landing zone is loaded into: the columns of the files, then the job's own.
 *
 * <p>Of a history: operation, time of the commit, file and line. Of the newest rows: time of the commit, and the version that
 * older changes are told by.
 */
public final class TargetTable {
    private final Catalog catalog;
    private final LandingZone zone;
    private final TableIdentifier name;

    public TargetTable(Catalog catalog, LandingZone zone) {
        this.catalog = catalog;
        this.zone = zone;
        this.name = TableIdentifier.parse(zone.table());
    }

    /**
     * The table; null if there is none.
     *
     * @throws LoadFailure if it is of a format that cannot be loaded into
     */
    public @Nullable Table find() {
        Table table = LakeTables.find(catalog, name);
        if (table != null && TableUtil.formatVersion(table) != 2) {
            throw new LoadFailure("Cannot load into " + name + ": its format version is "
                    + TableUtil.formatVersion(table) + ", and loads write position deletes of version 2. Load into"
                    + " another table.");
        }
        return table;
    }

    /** The columns without the job's own; null without a table. */
    public @Nullable List<TableColumn> columns(@Nullable Table table) {
        if (table == null) {
            return null;
        }
        List<TableColumn> columns = new ArrayList<>();
        for (Types.NestedField field : table.schema().columns()) {
            if (!field.name().toLowerCase(Locale.ROOT).startsWith(LandingFile.OWN_PREFIX)) {
                columns.add(new TableColumn(field.name(), IcebergColumns.columnType(zone.table(), field)));
            }
        }
        return columns;
    }

    /** The table with these changes made, and with the job's own columns. */
    public Table change(@Nullable Table table, Collection<ColumnChange> changes) {
        Table changed = table;
        for (ColumnChange change : changes) {
            if (change instanceof ColumnChange.Create create) {
                Schema schema = IcebergColumns.schema(create.columns(), own(), keys());
                changed = LakeTables.open(
                        catalog, name, schema, IcebergColumns.spec(schema, create.partitionBy()), Map.of());
            }
        }
        if (changed == null) {
            throw new LoadFailure("Cannot load into " + name + ": it is not there, and nobody has said its columns.");
        }
        UpdateSchema update = changed.updateSchema();
        boolean any = false;
        for (ColumnChange change : changes) {
            if (change instanceof ColumnChange.Add add) {
                update.addColumn(
                        add.column().name(), IcebergColumns.type(add.column().type()));
                any = true;
            } else if (change instanceof ColumnChange.Widen widen) {
                Type type = IcebergColumns.type(widen.column().type());
                update.updateColumn(widen.column().name(), type.asPrimitiveType());
                any = true;
            }
        }
        for (Types.NestedField field : own()) {
            if (changed.schema().findField(field.name()) == null) {
                update.addColumn(field.name(), field.type());
                any = true;
            }
        }
        if (any) {
            update.commit();
        }
        return changed;
    }

    /** The columns of the files in Spark's terms; all may be null, as dead letters have none. */
    public static List<StructField> sparkColumns(Table table, List<TableColumn> columns) {
        StructType all = SparkSchemaUtil.convert(table.schema());
        return columns.stream()
                .map(column -> all.apply(column.name()))
                .map(field -> new StructField(field.name(), field.dataType(), true, field.metadata()))
                .toList();
    }

    private List<Types.NestedField> own() {
        Types.NestedField changedAt =
                Types.NestedField.optional(1, LoadedRows.CHANGED_AT, Types.TimestampType.withZone());
        return zone.mode() == Mode.MERGE
                ? List.of(changedAt, Types.NestedField.optional(2, LoadedRows.VERSION, Types.StringType.get()))
                : List.of(
                        Types.NestedField.optional(2, LoadedRows.OPERATION, Types.StringType.get()),
                        changedAt,
                        Types.NestedField.optional(3, LoadedRows.FILE, Types.StringType.get()),
                        Types.NestedField.optional(4, LoadedRows.LINE, Types.LongType.get()));
    }

    private Set<String> keys() {
        return zone.key().stream().map(key -> key.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }
}

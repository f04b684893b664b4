package io.millrace.batch.raw.write;

import static io.millrace.batch.raw.write.SortedTableWriter.columns;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.millrace.batch.raw.read.LoadedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/**
 * Which keys were deleted, and by which change, in the table {@code <table>_tombstones}: what is older than its key's tombstone
 * must not bring the row back, whenever it arrives.
 *
 * <p>Tombstones are written before the load commits, under its id, and count if it does.
 */
final class Tombstones {
    private static final String LOAD = "millrace_load";

    private final SparkSession spark;
    private final Catalog catalog;
    private final TableIdentifier name;
    private final Table target;
    private final List<String> key;

    Tombstones(SparkSession spark, Catalog catalog, TableIdentifier target, Table table, List<String> key) {
        this.spark = spark;
        this.catalog = catalog;
        this.name = nameOf(target);
        this.target = table;
        this.key = key;
    }

    static TableIdentifier nameOf(TableIdentifier target) {
        return TableIdentifier.of(target.namespace(), target.name() + "_tombstones");
    }

    /**
     * The newest delete of each key; null if there is none.
     *
     * @param counted the loads that count
     * @param version what the column of the deletes' versions is named
     */
    @Nullable
    Dataset<Row> newest(Set<String> counted, String version) {
        Table table = LakeTables.find(catalog, name);
        if (table == null || table.currentSnapshot() == null) {
            return null;
        }
        Dataset<Row> loads =
                spark.createDataset(List.copyOf(counted), Encoders.STRING()).toDF(LOAD);
        return TableRows.of(spark, table)
                .join(loads, LOAD)
                .groupBy(columns(key))
                .agg(max(col(LoadedRows.VERSION)).as(version));
    }

    /** Writes the deletes of a load. */
    void add(Dataset<Row> deletes, String load, long targetBytes) {
        Table table = LakeTables.open(catalog, name, schema(), PartitionSpec.unpartitioned(), Map.of());
        List<Column> chosen = new ArrayList<>(List.of(columns(key)));
        chosen.add(col(LoadedRows.VERSION));
        chosen.add(lit(load).cast(DataTypes.StringType).as(LOAD));
        List<DataFile> files = new SortedTableWriter(spark, table, key, targetBytes)
                .write(deletes.select(chosen.toArray(Column[]::new)), load.replace('/', '-') + "-tombstones");
        if (!files.isEmpty()) {
            AppendFiles append = table.newAppend();
            files.forEach(append::appendFile);
            append.commit();
        }
    }

    private Schema schema() {
        List<Types.NestedField> fields = new ArrayList<>();
        for (String name : key) {
            Types.NestedField field = target.schema().caseInsensitiveFindField(name);
            fields.add(Types.NestedField.optional(fields.size() + 1, field.name(), field.type()));
        }
        fields.add(Types.NestedField.optional(fields.size() + 1, LoadedRows.VERSION, Types.StringType.get()));
        fields.add(Types.NestedField.optional(fields.size() + 1, LOAD, Types.StringType.get()));
        return new Schema(fields);
    }

    /** Whether two rows have the same key. */
    static Column sameKey(Dataset<Row> one, Dataset<Row> other, List<String> key) {
        Column same = lit(true);
        for (String column : key) {
            same = same.and(one.col(quoted(column)).equalTo(other.col(quoted(column))));
        }
        return same;
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}

package io.millrace.batch.raw.write;

import static io.millrace.batch.raw.write.SortedTableWriter.column;
import static io.millrace.batch.raw.write.SortedTableWriter.columns;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.millrace.batch.raw.read.LoadedRows;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each change that is merged: the newest of its key is compared with the key's row and tombstone, and everything
 * older is superseded.
 */
final class MergePlan {
    /** What becomes of the change. */
    static final String FATE = "millrace_fate";

    /** Where the row is that the change takes the place of. */
    static final String OLD_FILE = "millrace_old_file";

    static final String OLD_POSITION = "millrace_old_position";

    static final String APPLIED = "applied";
    static final String SUPERSEDED = "superseded";
    static final String DUPLICATE = "duplicate";

    private static final String RANK = "millrace_rank";
    private static final String KNOWN = "millrace_known";
    private static final String DELETED = "millrace_deleted_by";
    private static final String SAME = "millrace_same";

    private final SparkSession spark;
    private final Table table;
    private final List<String> key;
    private final List<String> values;

    /**
     * @param table the target, not refreshed while the plan is used
     * @param key the key's columns
     * @param values all columns of the files
     */
    MergePlan(SparkSession spark, Table table, List<String> key, List<String> values) {
        this.spark = spark;
        this.table = table;
        this.key = key;
        this.values = values;
    }

    /**
     * The changes with what becomes of them.
     *
     * @param changes the changes, as read
     * @param tombstones the newest delete of each key and its version, named {@link #deletedBy}; null if there is none
     */
    Dataset<Row> decide(Dataset<Row> changes, @Nullable Dataset<Row> tombstones) {
        Dataset<Row> known = withOldRows(ranked(changes), changes);
        if (tombstones == null) {
            known = known.withColumn(DELETED, lit(null).cast("string"));
        } else {
            known = known.join(tombstones, isNewest().and(Tombstones.sameKey(known, tombstones, key)), "left")
                    .select(known.col("*"), tombstones.col(DELETED));
        }
        Column newer = greatest(coalesce(col(KNOWN), lit("")), coalesce(col(DELETED), lit("")));
        return known.withColumn(
                FATE,
                when(not(isNewest()), when(col(SAME), DUPLICATE).otherwise(SUPERSEDED))
                        .when(col(LoadedRows.VERSION).gt(newer), APPLIED)
                        .when(col(LoadedRows.VERSION).equalTo(newer), DUPLICATE)
                        .otherwise(SUPERSEDED));
    }

    private static Column isNewest() {
        return col(RANK).equalTo(1);
    }

    static String deletedBy() {
        return DELETED;
    }

    /**
     * Changes with their rank among those of their key, the newest first, and whether they say at the same time the same as the next
     * newer one: DMS sends changes again after it was interrupted.
     */
    private Dataset<Row> ranked(Dataset<Row> changes) {
        WindowSpec newestFirst =
                Window.partitionBy(columns(key)).orderBy(col(LoadedRows.VERSION).desc());
        List<Column> content = new ArrayList<>(List.of(columns(values)));
        content.add(col(LoadedRows.OPERATION));
        content.add(col(LoadedRows.CHANGED_AT));
        Column whole = struct(content.toArray(Column[]::new));
        return changes.withColumn(RANK, row_number().over(newestFirst))
                .withColumn(
                        SAME,
                        coalesce(
                                col(LoadedRows.CHANGED_AT)
                                        .isNotNull()
                                        .and(lag(whole, 1).over(newestFirst).equalTo(whole)),
                                lit(false)));
    }

    /** The changes with version and place of their keys' rows; only files that may have such keys are read. */
    private Dataset<Row> withOldRows(Dataset<Row> ranked, Dataset<Row> changes) {
        if (table.currentSnapshot() == null) {
            return ranked.withColumn(OLD_FILE, lit(null).cast("string"))
                    .withColumn(OLD_POSITION, lit(null).cast("bigint"))
                    .withColumn(KNOWN, lit(null).cast("string"));
        }
        String first = key.get(0);
        Row bounds = changes.agg(min(column(first)), max(column(first))).first();
        List<Column> chosen = new ArrayList<>(List.of(columns(key)));
        chosen.add(coalesce(col(LoadedRows.VERSION), lit("")).as(KNOWN));
        chosen.add(col(MetadataColumns.FILE_PATH.name()).as(OLD_FILE));
        chosen.add(col(MetadataColumns.ROW_POSITION.name()).as(OLD_POSITION));
        Dataset<Row> rows = TableRows.of(spark, table);
        if (!bounds.isNullAt(0)) {
            rows = rows.filter(column(first).between(bounds.get(0), bounds.get(1)));
        }
        Dataset<Row> old = rows.select(chosen.toArray(Column[]::new));
        return ranked.join(old, isNewest().and(Tombstones.sameKey(ranked, old, key)), "left")
                .select(ranked.col("*"), old.col(KNOWN), old.col(OLD_FILE), old.col(OLD_POSITION));
    }
}

package io.millrace.batch.compact.rewrite;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.millrace.batch.compact.policy.FileSizes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.spark.ScanTaskSetManager;
import org.apache.iceberg.spark.SparkReadOptions;
import org.apache.iceberg.spark.source.SerializableTableWithSize;
import org.apache.iceberg.spark.source.SparkTable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;

/**
 * Reads the live rows of a group's files, sorts them by key and writes them again, in one task.
 *
 * <p>One task, so that every file but the last has the target's size exactly; Spark's sorter spills what does not fit into
 * memory, and groups run beside each other. Nothing in the table changes: a rewrite that is never committed leaves
 * files behind that no snapshot knows.
 */
public final class GroupRewriter {
    private final SparkSession spark;
    private final Table table;
    private final List<String> keyColumns;
    private final long targetFileBytes;

    /**
     * @param table the table; must not be refreshed while a rewrite runs, as its schema is read more than once
     * @param keyColumns the columns to sort by; may be empty
     */
    public GroupRewriter(SparkSession spark, Table table, List<String> keyColumns, long targetFileBytes) {
        this.spark = spark;
        this.table = table;
        this.keyColumns = List.copyOf(keyColumns);
        this.targetFileBytes = targetFileBytes;
    }

    /**
     * Rewrites a group.
     *
     * @param id unique among all rewrites, ever
     * @param start the snapshot that the tasks were planned from
     * @param inputs whole data files of one partition, with their deletes; at least one
     * @param expectedRows how many live rows they have, as far as it is known
     */
    public RewrittenGroup rewrite(String id, Snapshot start, List<FileScanTask> inputs, long expectedRows) {
        ScanTaskSetManager.get().stageTasks(table, id, inputs);
        try {
            return new RewrittenGroup(id, start, inputs, write(id, sorted(id, inputs), inputs, expectedRows));
        } finally {
            ScanTaskSetManager.get().removeTasks(table, id);
        }
    }

    private Dataset<Row> sorted(String id, List<FileScanTask> inputs) {
        Map<String, Integer> numbers = new HashMap<>();
        for (FileScanTask input : inputs) {
            numbers.put(input.file().location(), numbers.size());
        }
        UDF1<String, Integer> number = numbers::get;
        List<Column> columns = new ArrayList<>();
        schemaToWrite().columns().forEach(field -> columns.add(column(field.name())));
        columns.add(udf(number, DataTypes.IntegerType).apply(col(MetadataColumns.FILE_PATH.name())));
        columns.add(col(MetadataColumns.ROW_POSITION.name()));
        Dataset<Row> rows =
                scan(id, inputs).select(columns.toArray(Column[]::new)).coalesce(1);
        return keyColumns.isEmpty()
                ? rows
                : rows.sortWithinPartitions(
                        keyColumns.stream().map(GroupRewriter::column).toArray(Column[]::new));
    }

    /**
     * The live rows of the inputs, with the metadata columns at hand.
     *
     * <p>Built by hand: the table that {@code spark.read()} makes of staged tasks hides the file and the position of a row
     * behind the row's id from format version 3 on.
     */
    private Dataset<Row> scan(String id, List<FileScanTask> inputs) {
        long bytes = inputs.stream().mapToLong(FileScanTask::sizeBytes).sum();
        CaseInsensitiveStringMap options = new CaseInsensitiveStringMap(Map.of(
                SparkReadOptions.SCAN_TASK_SET_ID,
                id,
                SparkReadOptions.SPLIT_SIZE,
                Long.toString(Math.max(1, bytes)),
                SparkReadOptions.FILE_OPEN_COST,
                "0"));
        return Dataset.ofRows(
                spark,
                DataSourceV2Relation.create(new SparkTable(table, false), Option.empty(), Option.empty(), options));
    }

    private List<RewrittenFile> write(String id, Dataset<Row> rows, List<FileScanTask> inputs, long expectedRows) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<Table> shared = context.broadcast(SerializableTableWithSize.copyOf(table));
        FileScanTask sample = inputs.get(0);
        SortedFileWriter writer = new SortedFileWriter(
                shared,
                schemaToWrite(),
                sample.file().specId(),
                sample.file(),
                inputs.size(),
                targetFileBytes,
                expected(inputs, expectedRows),
                id);
        try {
            return rows.queryExecution()
                    .toRdd()
                    .toJavaRDD()
                    .mapPartitions(writer)
                    .collect();
        } finally {
            shared.unpersist();
        }
    }

    private static FileSizes.Expected expected(List<FileScanTask> inputs, long liveRows) {
        long rows =
                inputs.stream().mapToLong(input -> input.file().recordCount()).sum();
        long bytes = inputs.stream()
                .mapToLong(input -> input.file().fileSizeInBytes())
                .sum();
        return new FileSizes.Expected(liveRows, rows == 0 ? 0 : Math.round(bytes * (liveRows / (double) rows)));
    }

    /** From format version 3 on a row keeps its identity when it is moved. */
    private Schema schemaToWrite() {
        return TableUtil.supportsRowLineage(table)
                ? MetadataColumns.schemaWithRowLineage(table.schema())
                : table.schema();
    }

    private static Column column(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}

package io.millrace.batch.raw.write;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.spark_partition_id;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.spark.source.SerializableTableWithSize;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into Parquet files of even size, sorted by partition and key; commits nothing.
 *
 * <p>Rows are cut into ranges of partition and key of about {@value #FILES_OF_A_TASK} files each. Each task knows how many rows of each
 * partition its range has, and cuts them evenly. Memory is bounded by one open file a task and Spark's sorter, which
 * spills.
 */
final class SortedTableWriter {
    private static final int FILES_OF_A_TASK = 4;
    private static final int SAMPLE_ROWS = 20_000;
    private static final long ROWS_THAT_TELL = 100_000;
    private static final String PARTITION = "millrace_partition";

    private final SparkSession spark;
    private final Table table;
    private final List<String> sortBy;
    private final long targetBytes;

    /**
     * @param table the table; must not be refreshed while files are written
     * @param sortBy columns
     */
    SortedTableWriter(SparkSession spark, Table table, List<String> sortBy, long targetBytes) {
        this.spark = spark;
        this.table = table;
        this.sortBy = List.copyOf(sortBy);
        this.targetBytes = targetBytes;
    }

    /**
     * Writes rows.
     *
     * @param rows the table's columns by name, and perhaps others
     * @param id unique among all writes, ever; begins the files' names
     */
    List<DataFile> write(Dataset<Row> rows, String id) {
        Schema schema = table.schema();
        Dataset<Row> own = rows.select(
                schema.columns().stream().map(field -> column(field.name())).toArray(Column[]::new));
        long count = own.count();
        if (count == 0) {
            return List.of();
        }
        Broadcast<Table> shared = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(SerializableTableWithSize.copyOf(table));
        try {
            return count <= SAMPLE_ROWS ? writeAtOnce(own, shared, id) : writeInRanges(own, shared, count, id);
        } finally {
            shared.unpersist();
        }
    }

    /** A few rows: to look at them first would cost more than to write them. */
    private List<DataFile> writeAtOnce(Dataset<Row> rows, Broadcast<Table> shared, String id) {
        return write(located(rows, shared).coalesce(1), new StretchWriter(shared, Map.of(), 0, targetBytes, id));
    }

    private List<DataFile> writeInRanges(Dataset<Row> rows, Broadcast<Table> shared, long count, String id) {
        double bytesPerRow = bytesPerRow(rows, shared);
        int tasks = tasks(count * bytesPerRow);
        Dataset<Row> located = located(rows, shared);
        Dataset<Row> ranges = (tasks == 1 ? located.coalesce(1) : located.repartitionByRange(tasks, order()))
                .persist(StorageLevel.DISK_ONLY());
        try {
            return write(ranges, new StretchWriter(shared, stretches(ranges), bytesPerRow, targetBytes, id));
        } finally {
            ranges.unpersist();
        }
    }

    private List<DataFile> write(Dataset<Row> ranges, StretchWriter writer) {
        return ranges.sortWithinPartitions(order())
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(writer)
                .collect();
    }

    private Column[] order() {
        return Stream.concat(Stream.of(col(PARTITION)), sortBy.stream().map(SortedTableWriter::column))
                .toArray(Column[]::new);
    }

    private int tasks(double bytes) {
        double files = bytes / targetBytes;
        long atOnce = Math.min(spark.sparkContext().defaultParallelism(), (long) files);
        return (int) Math.max(1, Math.max(atOnce, Math.round(files / FILES_OF_A_TASK)));
    }

    /** The rows of each partition in each range. */
    private static Map<StretchWriter.Stretch, Long> stretches(Dataset<Row> ranges) {
        Map<StretchWriter.Stretch, Long> stretches = new HashMap<>();
        for (Row row :
                ranges.groupBy(spark_partition_id(), col(PARTITION)).count().collectAsList()) {
            stretches.put(new StretchWriter.Stretch(row.getInt(0), row.getString(1)), row.getLong(2));
        }
        return stretches;
    }

    /** The rows with the names of their partitions behind them. */
    private Dataset<Row> located(Dataset<Row> rows, Broadcast<Table> shared) {
        StructType columns = rows.schema();
        StructField[] fields = Arrays.copyOf(columns.fields(), columns.size() + 1);
        fields[columns.size()] = DataTypes.createStructField(PARTITION, DataTypes.StringType, false);
        JavaRDD<InternalRow> located = rows.queryExecution().toRdd().toJavaRDD().mapPartitions(partition -> {
            Table target = shared.value();
            StructType struct = SparkSchemaUtil.convert(target.schema());
            PartitionKey key = new PartitionKey(target.spec(), target.schema());
            RowAdapter adapter = new RowAdapter(struct);
            Iterable<InternalRow> each = () -> partition;
            return StreamSupport.stream(each.spliterator(), false)
                    .map(row -> {
                        key.partition(adapter.wrap(row));
                        InternalRow copy = row.copy();
                        @Nullable Object[] values = new Object[struct.size() + 1];
                        for (int i = 0; i < struct.size(); i++) {
                            values[i] = copy.isNullAt(i) ? null : copy.get(i, struct.fields()[i].dataType());
                        }
                        values[struct.size()] = UTF8String.fromString(key.toPath());
                        return (InternalRow) new GenericInternalRow(values);
                    })
                    .iterator();
        });
        return spark.internalCreateDataFrame(located.rdd(), new StructType(fields), false);
    }

    /** What a row takes: as in the table, if that has enough, else as in a sample of the rows. */
    private double bytesPerRow(Dataset<Row> rows, Broadcast<Table> shared) {
        Snapshot now = table.currentSnapshot();
        if (now != null) {
            long records = total(now, SnapshotSummary.TOTAL_RECORDS_PROP);
            long bytes = total(now, SnapshotSummary.TOTAL_FILE_SIZE_PROP);
            if (records >= ROWS_THAT_TELL && bytes > 0) {
                return bytes / (double) records;
            }
        }
        return rows.limit(SAMPLE_ROWS)
                .coalesce(1)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(sample -> List.of(StretchWriter.bytesPerRow(shared.value(), sample))
                        .iterator())
                .collect()
                .get(0);
    }

    private static long total(Snapshot snapshot, String property) {
        return Long.parseLong(snapshot.summary().getOrDefault(property, "0"));
    }

    static Column column(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    /** Columns by name. */
    static Column[] columns(List<String> names) {
        List<Column> columns = new ArrayList<>();
        names.forEach(name -> columns.add(column(name)));
        return columns.toArray(Column[]::new);
    }
}

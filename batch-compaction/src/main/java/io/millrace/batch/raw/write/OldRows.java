package io.millrace.batch.raw.write;

import static org.apache.spark.sql.functions.col;

import io.millrace.batch.NewFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileWriterFactory;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.spark.source.SerializableTableWithSize;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Writes position deletes of rows that changes take the place of, one file for each data file; commits nothing. */
final class OldRows {
    private final SparkSession spark;
    private final Table table;

    OldRows(SparkSession spark, Table table) {
        this.spark = spark;
        this.table = table;
    }

    /**
     * The deletes of a load.
     *
     * @param files the delete files
     * @param dataFiles the data files that they refer to
     */
    record Deletes(List<DeleteFile> files, Set<String> dataFiles) {}

    /**
     * Writes the deletes.
     *
     * @param places rows with {@link MergePlan#OLD_FILE} and {@link MergePlan#OLD_POSITION}
     */
    Deletes delete(Dataset<Row> places, String id) {
        Dataset<Row> named = places.select(col(MergePlan.OLD_FILE), col(MergePlan.OLD_POSITION));
        Set<String> touched = new HashSet<>();
        named.select(col(MergePlan.OLD_FILE)).distinct().collectAsList().forEach(row -> touched.add(row.getString(0)));
        if (touched.isEmpty()) {
            return new Deletes(List.of(), Set.of());
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<Table> shared = context.broadcast(SerializableTableWithSize.copyOf(table));
        Broadcast<Map<String, DataFile>> files = context.broadcast(find(touched));
        try {
            List<DeleteFile> written = named.repartition(
                            Math.min(touched.size(), context.defaultParallelism()), col(MergePlan.OLD_FILE))
                    .sortWithinPartitions(col(MergePlan.OLD_FILE), col(MergePlan.OLD_POSITION))
                    .toJavaRDD()
                    .mapPartitions(rows -> write(shared.value(), files.value(), rows, id))
                    .collect();
            return new Deletes(written, touched);
        } finally {
            shared.unpersist();
            files.unpersist();
        }
    }

    private Map<String, DataFile> find(Set<String> locations) {
        Map<String, DataFile> found = new HashMap<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            tasks.forEach(task -> {
                if (locations.contains(task.file().location())) {
                    found.put(task.file().location(), task.file().copyWithoutStats());
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot plan a scan of " + table.name(), e);
        }
        return found;
    }

    private static Iterator<DeleteFile> write(Table table, Map<String, DataFile> files, Iterator<Row> rows, String id)
            throws IOException {
        List<DeleteFile> written = new ArrayList<>();
        OutputFileFactory factory = OutputFileFactory.builderFor(
                        table, TaskContext.getPartitionId(), TaskContext.get().taskAttemptId())
                .operationId(id)
                .format(FileFormat.PARQUET)
                .suffix("deletes")
                .build();
        FileWriterFactory<Record> writers = new GenericFileWriterFactory.Builder(table)
                .deleteFileFormat(FileFormat.PARQUET)
                .build();
        @Nullable PositionDeleteWriter<Record> open = null;
        String current = "";
        PositionDelete<Record> delete = PositionDelete.create();
        while (rows.hasNext()) {
            Row row = rows.next();
            if (open == null || !row.getString(0).equals(current)) {
                close(open, written);
                current = row.getString(0);
                open = open(table, writers, Objects.requireNonNull(files.get(current), current), factory);
            }
            open.write(delete.set(current, row.getLong(1)));
        }
        close(open, written);
        return written.iterator();
    }

    private static PositionDeleteWriter<Record> open(
            Table table, FileWriterFactory<Record> writers, DataFile file, OutputFileFactory factory) {
        PartitionSpec spec = Objects.requireNonNull(table.specs().get(file.specId()));
        return writers.newPositionDeleteWriter(NewFiles.of(factory, spec, file.partition()), spec, file.partition());
    }

    private static void close(@Nullable PositionDeleteWriter<Record> open, List<DeleteFile> written)
            throws IOException {
        if (open != null) {
            open.close();
            written.add(open.toDeleteFile());
        }
    }
}

package io.millrace.batch.raw.write;

import io.millrace.batch.NewFiles;
import io.millrace.batch.compact.policy.FileSizes;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.spark.data.SparkParquetWriters;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task that writes sorted rows into files, partition by partition. A row has the table's columns, then the name of its
 * partition. A task that fails takes back what it has written.
 */
final class StretchWriter implements FlatMapFunction<Iterator<InternalRow>, DataFile> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(StretchWriter.class);

    private static final long ROWS_BETWEEN_LOOKS = 100;

    private final Broadcast<Table> shared;
    private final Map<Stretch, Long> rows;
    private final double bytesPerRow;
    private final long targetBytes;
    private final String id;

    /**
     * The rows of a partition in a task.
     *
     * @param task the task's number
     * @param partition the partition's name
     */
    record Stretch(int task, String partition) implements Serializable {}

    StretchWriter(Broadcast<Table> shared, Map<Stretch, Long> rows, double bytesPerRow, long targetBytes, String id) {
        this.shared = shared;
        this.rows = rows;
        this.bytesPerRow = bytesPerRow;
        this.targetBytes = targetBytes;
        this.id = id;
    }

    @Override
    public Iterator<DataFile> call(Iterator<InternalRow> sorted) throws IOException {
        Output output = new Output();
        try {
            while (sorted.hasNext()) {
                output.write(sorted.next());
            }
            output.closeFile();
        } catch (IOException | RuntimeException e) {
            output.takeBack();
            throw e;
        }
        return output.written.iterator();
    }

    /** What a row takes in a file of such rows. */
    static double bytesPerRow(Table table, Iterator<InternalRow> sample) throws IOException {
        InMemoryOutputFile file = new InMemoryOutputFile();
        StructType struct = SparkSchemaUtil.convert(table.schema());
        long count = 0;
        FileAppender<InternalRow> appender = Parquet.write(file)
                .forTable(table)
                .createWriterFunc(message -> SparkParquetWriters.buildWriter(struct, message))
                .build();
        try (appender) {
            while (sample.hasNext()) {
                appender.add(sample.next());
                count++;
            }
        }
        return count == 0 ? 0 : appender.length() / (double) count;
    }

    /** The files of one task; the last of them open. */
    private final class Output {
        private final Table table = shared.value();
        private final StructType struct = SparkSchemaUtil.convert(table.schema());
        private final RowAdapter adapter = new RowAdapter(struct);
        private final PartitionKey key = new PartitionKey(table.spec(), table.schema());
        private final int task = TaskContext.getPartitionId();
        private final OutputFileFactory files = OutputFileFactory.builderFor(
                        table, task, TaskContext.get().taskAttemptId())
                .operationId(id)
                .format(FileFormat.PARQUET)
                .build();
        private final List<DataFile> written = new ArrayList<>();
        private final List<String> locations = new ArrayList<>();
        private String partition = "";
        private FileSizes sizes = new FileSizes(targetBytes, new FileSizes.Expected(0, 0));
        private @Nullable DataWriter<InternalRow> open;
        private long rowsClosed;
        private long bytesClosed;
        private long rowsOfFile;
        private long count;

        void write(InternalRow row) throws IOException {
            String next = row.getUTF8String(struct.size()).toString();
            if (open == null || !next.equals(partition)) {
                if (!next.equals(partition) || written.isEmpty()) {
                    closeFile();
                    partition = next;
                    long expected = rows.getOrDefault(new Stretch(task, next), 1L);
                    sizes = new FileSizes(
                            targetBytes, new FileSizes.Expected(expected, Math.round(expected * bytesPerRow)));
                    key.partition(adapter.wrap(row));
                }
                open = openFile();
            }
            open.write(row);
            count++;
            if (count >= rowsOfFile
                    || (bytesPerRow <= 0 && count % ROWS_BETWEEN_LOOKS == 0 && open.length() >= targetBytes)) {
                closeFile();
            }
        }

        private DataWriter<InternalRow> openFile() throws IOException {
            var file = NewFiles.of(files, table.spec(), key);
            locations.add(file.encryptingOutputFile().location());
            rowsOfFile = rowsOfNextFile();
            return Parquet.writeData(file)
                    .forTable(table)
                    .withSpec(table.spec())
                    .withPartition(key.copy())
                    .createWriterFunc(message -> SparkParquetWriters.buildWriter(struct, message))
                    .build();
        }

        /**
         * By rows, and not by what the writer tells of its size, which counts pages that are not compressed yet: how many rows
         * there are is known, and what they take is measured. Of few rows nothing is known, and the writer is asked.
         */
        private long rowsOfNextFile() {
            double each = rowsClosed == 0 ? bytesPerRow : bytesClosed / (double) rowsClosed;
            return each <= 0 ? Long.MAX_VALUE : Math.max(1, (long) Math.ceil(sizes.limit() / each));
        }

        void closeFile() throws IOException {
            DataWriter<InternalRow> file = open;
            if (file != null) {
                open = null;
                file.close();
                DataFile done = file.toDataFile();
                written.add(done);
                sizes.closed(done.recordCount(), done.fileSizeInBytes(), done.fileSizeInBytes());
                rowsClosed += done.recordCount();
                bytesClosed += done.fileSizeInBytes();
                count = 0;
            }
        }

        void takeBack() {
            try {
                closeFile();
            } catch (IOException | RuntimeException e) {
                LOG.warn("Cannot close a file of a failed load", e);
            }
            for (String location : locations) {
                try {
                    table.io().deleteFile(location);
                } catch (RuntimeException e) {
                    LOG.warn("Cannot delete {} of a failed load: it is removed as an orphan later", location, e);
                }
            }
        }
    }
}

package io.millrace.batch.compact.rewrite;

import io.millrace.batch.NewFiles;
import io.millrace.batch.compact.policy.FileSizes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
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
 * The task that writes the rows of a group, in the order in which they come, into Parquet files of the target's size.
 *
 * <p>A row has the columns of the schema first, then the number of its input and its position in it. These two go into the
 * file's {@link RowOrigins}. A task that fails takes back what it has written.
 */
final class SortedFileWriter implements FlatMapFunction<Iterator<InternalRow>, RewrittenFile> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(SortedFileWriter.class);
    private static final long MAX_ROWS_BETWEEN_LOOKS = 10_000;

    private final Broadcast<Table> shared;
    private final Schema schema;
    private final int specId;
    private final DataFile inPartition;
    private final int inputs;
    private final long targetFileBytes;
    private final long expectedRows;
    private final long expectedBytes;
    private final String id;

    /**
     * @param schema the columns to write
     * @param inPartition any file of the partition that the rows belong to
     * @param inputs the number of inputs
     * @param expected what is going to be written
     * @param id the rewrite's; begins the names of its files
     */
    SortedFileWriter(
            Broadcast<Table> shared,
            Schema schema,
            int specId,
            DataFile inPartition,
            int inputs,
            long targetFileBytes,
            FileSizes.Expected expected,
            String id) {
        this.shared = shared;
        this.schema = schema;
        this.specId = specId;
        this.inPartition = inPartition;
        this.inputs = inputs;
        this.targetFileBytes = targetFileBytes;
        this.expectedRows = expected.rows();
        this.expectedBytes = expected.bytes();
        this.id = id;
    }

    @Override
    public Iterator<RewrittenFile> call(Iterator<InternalRow> rows) throws IOException {
        TaskContext context = TaskContext.get();
        Output output = new Output(context.partitionId(), context.taskAttemptId());
        try {
            while (rows.hasNext()) {
                output.write(rows.next());
            }
            output.closeFile();
        } catch (IOException | RuntimeException e) {
            output.takeBack();
            throw e;
        }
        return output.written.iterator();
    }

    /** The files of one task; the last of them open. */
    private final class Output {
        private final Table table = shared.value();
        private final PartitionSpec spec = Objects.requireNonNull(table.specs().get(specId));
        private final StructType sparkSchema = SparkSchemaUtil.convert(schema);
        private final OutputFileFactory files;
        private final List<RewrittenFile> written = new ArrayList<>();
        private final List<String> locations = new ArrayList<>();
        private final FileSizes sizes =
                new FileSizes(targetFileBytes, new FileSizes.Expected(expectedRows, expectedBytes));
        private @Nullable OpenFile open;

        Output(int partitionId, long taskId) {
            files = OutputFileFactory.builderFor(table, partitionId, taskId)
                    .operationId(id)
                    .defaultSpec(spec)
                    .format(FileFormat.PARQUET)
                    .build();
        }

        void write(InternalRow row) throws IOException {
            if (open == null) {
                open = openFile();
            }
            open.write(row);
            if (open.isFull()) {
                closeFile();
            }
        }

        private OpenFile openFile() throws IOException {
            EncryptedOutputFile file = NewFiles.of(files, spec, inPartition.partition());
            String origins = table.location() + "/metadata/compaction-" + id + "-" + UUID.randomUUID() + ".origins";
            locations.add(file.encryptingOutputFile().location());
            locations.add(origins);
            DataWriter<InternalRow> rows = Parquet.writeData(file)
                    .forTable(table)
                    .schema(schema)
                    .withSpec(spec)
                    .withPartition(inPartition.partition())
                    .createWriterFunc(message -> SparkParquetWriters.buildWriter(sparkSchema, message))
                    // Both names are unique: nobody need look first whether there is such a file.
                    .overwrite()
                    .build();
            return new OpenFile(
                    rows,
                    new RowOrigins.Writer(table.io().newOutputFile(origins).createOrOverwrite(), inputs),
                    origins,
                    sizes.limit());
        }

        void closeFile() throws IOException {
            if (open != null) {
                long told = open.length();
                RewrittenFile file = open.close();
                written.add(file);
                sizes.closed(file.file().recordCount(), file.file().fileSizeInBytes(), told);
                open = null;
            }
        }

        void takeBack() {
            try {
                closeFile();
            } catch (IOException | RuntimeException e) {
                LOG.warn("Cannot close a file of a failed rewrite", e);
            }
            for (String location : locations) {
                try {
                    table.io().deleteFile(location);
                } catch (RuntimeException e) {
                    LOG.warn("Cannot delete {} of a failed rewrite: it is removed as an orphan later", location, e);
                }
            }
        }
    }

    /** A data file being written, and the origins of its rows. */
    private final class OpenFile {
        private final int inputAt = schema.columns().size();
        private final DataWriter<InternalRow> rows;
        private final RowOrigins.Writer origins;
        private final String originsLocation;
        private final long limit;
        private long count;
        private long nextLook = 1;

        OpenFile(DataWriter<InternalRow> rows, RowOrigins.Writer origins, String originsLocation, long limit) {
            this.rows = rows;
            this.origins = origins;
            this.originsLocation = originsLocation;
            this.limit = limit;
        }

        void write(InternalRow row) throws IOException {
            rows.write(row);
            origins.add(row.getInt(inputAt), row.getLong(inputAt + 1));
            count++;
        }

        long length() {
            return rows.length();
        }

        /** A look asks every column of the file: the next one comes when about half of what is left is written. */
        boolean isFull() {
            if (count < nextLook) {
                return false;
            }
            long length = rows.length();
            long rowsLeft = length == 0 ? count : (limit - length) * count / length;
            nextLook = count + Math.max(1, Math.min(MAX_ROWS_BETWEEN_LOOKS, rowsLeft / 2));
            return length >= limit;
        }

        RewrittenFile close() throws IOException {
            try (origins) {
                rows.close();
            }
            return new RewrittenFile(rows.toDataFile(), originsLocation);
        }
    }
}

package io.millrace.iceberg.write;

import io.millrace.iceberg.index.DataFileRef;
import io.millrace.iceberg.table.SnapshotIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.parquet.InternalWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.iceberg.util.Tasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data files that a subtask is writing, over all its tables and partitions.
 *
 * <p>A Parquet writer holds a row group in memory. So there are never more than a fixed number of them: to open one more,
 * the one not written to for longest is closed. Row groups are small (16 MB at most) for the same reason.
 */
public final class OpenFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);
    private static final long LARGEST_ROW_GROUP = 16L << 20;
    private static final int SIZE_CHECK_ROWS = 1000;

    private final int limit;
    private final long targetFileBytes;
    private final ExecutorService uploads;
    private final Map<Slot, OpenFile> files = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Starts without files.
     *
     * @param uploads where files are closed side by side, as closing one mostly waits for the object store
     */
    public OpenFiles(int limit, long targetFileBytes, ExecutorService uploads) {
        this.uploads = uploads;
        this.limit = limit;
        this.targetFileBytes = targetFileBytes;
    }

    /**
     * Where a file belongs.
     *
     * @param table the table's full name
     * @param partition the partition; null values and all
     */
    private record Slot(String table, PartitionKey partition) {}

    /**
     * A file that rows can be appended to.
     *
     * @param tag what the caller knows the file by
     */
    static final class OpenFile {
        private final DataWriter<StructLike> writer;
        private final Consumer<DataFile> closed;
        private final long number;
        private long rows;

        private OpenFile(DataWriter<StructLike> writer, Consumer<DataFile> closed, long number) {
            this.writer = writer;
            this.closed = closed;
            this.number = number;
        }

        long number() {
            return number;
        }

        /** Appends a row and returns its position. */
        long append(StructLike row) {
            writer.write(row);
            return rows++;
        }

        private void finish() {
            try {
                writer.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot close a data file", e);
            }
        }

        private void close() {
            finish();
            closed.accept(writer.toDataFile());
        }
    }

    /** Who opens files, and is told when they are closed. */
    interface Owner {
        Table table();

        String tableName();

        /** How much of each column's statistics goes into the manifests. */
        MetricsConfig metrics();

        SnapshotIdentity identity();

        /** Takes note of a new file and gives it a number. */
        long opened(DataFileRef file);

        void closed(DataFile file);
    }

    /** The open file of this partition, or a new one. */
    OpenFile file(Owner owner, PartitionKey partition) {
        Slot slot = new Slot(owner.tableName(), partition);
        OpenFile open = files.get(slot);
        if (open != null && full(owner, open)) {
            files.remove(slot);
            open.close();
            open = null;
        }
        if (open == null) {
            if (files.size() >= limit) {
                Iterator<OpenFile> eldest = files.values().iterator();
                OpenFile longestUnused = eldest.next();
                eldest.remove();
                longestUnused.close();
            }
            PartitionKey own = partition.copy();
            open = open(owner, own);
            files.put(new Slot(owner.tableName(), own), open);
        }
        return open;
    }

    /** Whether the file has its size; to be asked before each row, as it looks at the size now and then only. */
    boolean full(Owner owner, OpenFile file) {
        return file.rows % SIZE_CHECK_ROWS == 0 && file.rows > 0 && file.writer.length() >= fileBytes(owner.table());
    }

    private static OpenFile open(Owner owner, PartitionKey partition) {
        Table table = owner.table();
        PartitionSpec spec = table.spec();
        String name = owner.identity().newFileName(".parquet");
        String location = spec.isUnpartitioned()
                ? table.locationProvider().newDataLocation(name)
                : table.locationProvider().newDataLocation(spec, partition, name);
        OutputFile output = table.io().newOutputFile(location);
        try {
            DataWriter<StructLike> writer = Parquet.writeData(table.encryption().encrypt(output))
                    .schema(table.schema())
                    .setAll(table.properties())
                    .set(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Long.toString(rowGroupBytes(table)))
                    .createWriterFunc(InternalWriter::createWriter)
                    .metricsConfig(owner.metrics())
                    .withSpec(spec)
                    .withPartition(partition)
                    .overwrite()
                    .build();
            // Not the name asked for: Hadoop takes file:///x for file:/x, and deletes must name it as the table does.
            String path = output.location();
            long number =
                    owner.opened(new DataFileRef(path, spec.specId(), DataFileRef.partitionText(spec, partition)));
            return new OpenFile(writer, owner::closed, number);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open a data file of " + table.name(), e);
        }
    }

    /** What the table itself asks for, if it does. */
    private long fileBytes(Table table) {
        return PropertyUtil.propertyAsLong(
                table.properties(), TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, targetFileBytes);
    }

    private static long rowGroupBytes(Table table) {
        String configured = table.properties().get(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES);
        return configured == null ? LARGEST_ROW_GROUP : Math.min(LARGEST_ROW_GROUP, Long.parseLong(configured));
    }

    /** Closes all files. */
    public void closeAll() {
        closeIf(slot -> true);
    }

    /** Closes the files of a table. */
    void close(String table) {
        closeIf(slot -> slot.table().equals(table));
    }

    private void closeIf(Predicate<Slot> condition) {
        List<OpenFile> closing = new ArrayList<>();
        files.entrySet().removeIf(entry -> condition.test(entry.getKey()) && closing.add(entry.getValue()));
        if (closing.isEmpty()) {
            return;
        }
        Tasks.foreach(closing)
                .executeWith(uploads)
                .stopOnFailure()
                .throwFailureWhenFinished()
                .run(OpenFile::finish);
        closing.forEach(file -> file.closed.accept(file.writer.toDataFile()));
    }

    /** Lets go of all files; what they hold is not reported to anybody. */
    public void abandon() {
        for (OpenFile file : files.values()) {
            try {
                file.writer.close();
            } catch (IOException | RuntimeException e) {
                LOG.debug("Cannot close an abandoned file", e);
            }
        }
        files.clear();
    }
}

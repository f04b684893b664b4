package io.millrace.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericDeleteFilter;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.ContentFileUtil;

/** Rewrites data files as a compaction job of another engine does: live rows only, in another order, in other files. */
final class Compaction {
    private final Table table;
    private final Snapshot start;
    private final Set<DataFile> replaced = new HashSet<>();
    private final Set<DeleteFile> vectors = new HashSet<>();
    private final Set<DataFile> added = new HashSet<>();

    private Compaction(Table table, Snapshot start) {
        this.table = table;
        this.start = start;
    }

    /** Does the work but does not commit: each file of the current snapshot is taken with the given probability. */
    static Compaction prepare(Table table, Random random, double share) {
        table.refresh();
        Compaction compaction = new Compaction(table, table.currentSnapshot());
        Map<PartitionKey, List<Record>> rows = new HashMap<>();
        Schema schema = table.schema();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().useSnapshot(compaction.start.snapshotId()).planFiles()) {
            for (FileScanTask task : tasks) {
                if (random.nextDouble() < share) {
                    compaction.read(task, schema, rows);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rows.forEach((partition, records) -> {
            Collections.shuffle(records, random);
            compaction.added.add(compaction.write(partition, schema, records));
        });
        return compaction;
    }

    private void read(FileScanTask task, Schema schema, Map<PartitionKey, List<Record>> rows) throws IOException {
        replaced.add(task.file());
        task.deletes().stream().filter(ContentFileUtil::isDV).forEach(vectors::add);
        GenericDeleteFilter filter = new GenericDeleteFilter(table.io(), task, schema, schema);
        PartitionKey partition = new PartitionKey(table.spec(), schema);
        InternalRecordWrapper wrapper = new InternalRecordWrapper(schema.asStruct());
        try (CloseableIterable<Record> records =
                filter.filter(Parquet.read(table.io().newInputFile(task.file().location()))
                        .project(filter.requiredSchema())
                        .createReaderFunc(file -> GenericParquetReaders.buildReader(filter.requiredSchema(), file))
                        .build())) {
            for (Record record : records) {
                partition.partition(wrapper.wrap(record));
                rows.computeIfAbsent(partition.copy(), created -> new ArrayList<>())
                        .add(record);
            }
        }
    }

    private DataFile write(StructLike partition, Schema schema, List<Record> records) {
        String name = "00000-0-" + UUID.randomUUID() + ".parquet";
        String location = table.spec().isUnpartitioned()
                ? table.locationProvider().newDataLocation(name)
                : table.locationProvider().newDataLocation(table.spec(), partition, name);
        DataWriter<Record> writer;
        try {
            writer = Parquet.writeData(table.io().newOutputFile(location))
                    .schema(schema)
                    .createWriterFunc(GenericParquetWriter::create)
                    .withSpec(table.spec())
                    .withPartition(partition)
                    .build();
            try (writer) {
                records.forEach(writer::write);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.toDataFile();
    }

    /** Commits; fails if deletes have landed on the files meanwhile, as Iceberg demands. */
    void commit() {
        if (replaced.isEmpty()) {
            return;
        }
        RewriteFiles rewrite =
                table.newRewrite().validateFromSnapshot(start.snapshotId()).dataSequenceNumber(start.sequenceNumber());
        replaced.forEach(rewrite::deleteFile);
        vectors.forEach(rewrite::deleteFile);
        added.forEach(rewrite::addFile);
        rewrite.commit();
    }

    /** Rewrites everything at once. */
    static void all(Table table) {
        prepare(table, new Random(1), 1).commit();
    }
}

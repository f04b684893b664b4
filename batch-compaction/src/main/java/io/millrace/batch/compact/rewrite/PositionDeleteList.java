package io.millrace.batch.compact.rewrite;

import io.millrace.batch.NewFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** Positions to be deleted, which become one position-delete file, in the order that the format asks for: file, position. */
final class PositionDeleteList {
    private final Map<String, Roaring64Bitmap> positions = new TreeMap<>();
    private final Table table;
    private final OutputFileFactory files;
    private final DataFile inPartition;

    /**
     * @param inPartition any data file of the partition that the positions belong to
     */
    PositionDeleteList(Table table, OutputFileFactory files, DataFile inPartition) {
        this.table = table;
        this.files = files;
        this.inPartition = inPartition;
    }

    void add(String dataFile, Roaring64Bitmap rows) {
        positions.computeIfAbsent(dataFile, file -> new Roaring64Bitmap()).or(rows);
    }

    /** Writes the file. */
    DeleteFile toDeleteFile() {
        PartitionSpec spec = Objects.requireNonNull(table.specs().get(inPartition.specId()));
        PositionDeleteWriter<Record> writer = new GenericFileWriterFactory.Builder(table)
                .deleteFileFormat(FileFormat.PARQUET)
                .build()
                .newPositionDeleteWriter(
                        NewFiles.of(files, spec, inPartition.partition()), spec, inPartition.partition());
        PositionDelete<Record> delete = PositionDelete.create();
        try (writer) {
            positions.forEach((file, rows) -> rows.forEach((long row) -> writer.write(delete.set(file, row))));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write position deletes for " + table.name(), e);
        }
        return writer.toDeleteFile();
    }
}

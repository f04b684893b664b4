package io.millrace.benchmarks.compaction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.types.Types;

/**
 * Makes a table such as a stream leaves behind: thousands of small files, and deletes in files that bear on many of them, of
 * the kind that the stream's sink writes.
 */
final class StartTable {
    private static final int FILES_A_COMMIT = 100;
    private static final int DELETES_A_FILE = 5_000;
    private static final Schema KEY = Parcels.SCHEMA.select("id", "day");

    private final ParcelHistory history;
    private final int files;
    private final Table table;
    private final GenericFileWriterFactory writers;
    private final OutputFileFactory names;
    private final StreamSink writtenBy;
    private final List<Place> deleted = new ArrayList<>();

    private record Place(int day, String file, long position, long id) {}

    private StartTable(ParcelHistory history, int files, StreamSink writtenBy, Table table) {
        this.history = history;
        this.files = files;
        this.writtenBy = writtenBy;
        this.table = table;
        this.writers = new GenericFileWriterFactory.Builder(table)
                .dataFileFormat(FileFormat.PARQUET)
                .deleteFileFormat(FileFormat.PARQUET)
                .equalityFieldIds(KEY.columns().stream()
                        .mapToInt(Types.NestedField::fieldId)
                        .toArray())
                .equalityDeleteRowSchema(KEY)
                .build();
        this.names = OutputFileFactory.builderFor(table, 0, 0)
                .operationId(UUID.randomUUID().toString())
                .format(FileFormat.PARQUET)
                .build();
    }

    /** Makes the table anew. */
    static void make(Catalog catalog, ParcelHistory history, int files, StreamSink writtenBy) throws IOException {
        if (catalog instanceof SupportsNamespaces namespaces
                && !namespaces.namespaceExists(Parcels.TABLE.namespace())) {
            namespaces.createNamespace(Parcels.TABLE.namespace());
        }
        catalog.dropTable(Parcels.TABLE, true);
        Table table = catalog.createTable(
                Parcels.TABLE,
                Parcels.SCHEMA,
                PartitionSpec.builderFor(Parcels.SCHEMA).identity("day").build(),
                Map.of("format-version", "2", "write.parquet.compression-codec", "zstd"));
        StartTable start = new StartTable(history, files, writtenBy, table);
        start.appendFiles();
        start.deleteRows();
    }

    private void appendFiles() throws IOException {
        AppendFiles append = table.newAppend();
        for (int file = 0; file < files; file++) {
            append.appendFile(write(file * history.rows() / files, (file + 1) * history.rows() / files));
            if ((file + 1) % FILES_A_COMMIT == 0) {
                append.commit();
                append = table.newAppend();
            }
        }
        append.commit();
    }

    /** All rows of a file are of the day of its first row: files are many times as many as days. */
    private DataFile write(long first, long end) throws IOException {
        int day = history.day(first);
        PartitionData partition = partition(day);
        DataWriter<Record> writer =
                writers.newDataWriter(names.newOutputFile(table.spec(), partition), table.spec(), partition);
        try (writer) {
            for (long id = first; id < end; id++) {
                GenericRecord row = GenericRecord.create(Parcels.SCHEMA);
                row.setField("id", id);
                row.setField("day", day);
                row.setField("version", 0L);
                row.setField("payload", history.payload(id, 0));
                writer.write(row);
            }
        }
        DataFile file = writer.toDataFile();
        for (long id = first; id < end; id++) {
            if (history.isDeletedFromTheStart(id)) {
                deleted.add(new Place(day, file.location(), id - first, id));
            }
        }
        return file;
    }

    private void deleteRows() throws IOException {
        RowDelta delta = table.newRowDelta();
        for (int day = 0; day < history.days(); day++) {
            int of = day;
            List<Place> places = deleted.stream()
                    .filter(place -> place.day() == of)
                    .sorted(Comparator.comparing(Place::file).thenComparing(Place::position))
                    .toList();
            for (int from = 0; from < places.size(); from += DELETES_A_FILE) {
                delta.addDeletes(deleteFile(day, places.subList(from, Math.min(places.size(), from + DELETES_A_FILE))));
            }
        }
        delta.commit();
    }

    private DeleteFile deleteFile(int day, List<Place> places) throws IOException {
        PartitionData partition = partition(day);
        EncryptedOutputFile name = names.newOutputFile(table.spec(), partition);
        if (writtenBy == StreamSink.STOCK) {
            EqualityDeleteWriter<Record> writer = writers.newEqualityDeleteWriter(name, table.spec(), partition);
            try (writer) {
                GenericRecord key = GenericRecord.create(KEY);
                for (Place place : places) {
                    key.setField("id", place.id());
                    key.setField("day", day);
                    writer.write(key);
                }
            }
            return writer.toDeleteFile();
        }
        PositionDeleteWriter<Record> writer = writers.newPositionDeleteWriter(name, table.spec(), partition);
        try (writer) {
            PositionDelete<Record> delete = PositionDelete.create();
            for (Place place : places) {
                writer.write(delete.set(place.file(), place.position()));
            }
        }
        return writer.toDeleteFile();
    }

    private PartitionData partition(int day) {
        PartitionData partition = new PartitionData(table.spec().partitionType());
        partition.set(0, day);
        return partition;
    }
}

package io.millrace.iceberg.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyScanTest {
    private static final Schema SCHEMA = new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
    private static final int FILES = 5;
    private static final int ROWS_A_FILE = 10;

    @TempDir
    Path directory;

    private Table table;

    @BeforeEach
    void makeTable() throws IOException {
        table = new HadoopTables(new Configuration())
                .create(
                        SCHEMA,
                        PartitionSpec.unpartitioned(),
                        Map.of("format-version", "2"),
                        directory.resolve("table").toString());
        RowDelta rows = table.newRowDelta();
        for (int file = 0; file < FILES; file++) {
            rows.addRows(dataFile(file));
        }
        rows.commit();
    }

    @Test
    void aDeleteFileOfManyDataFilesIsReadOnce() throws Exception {
        DeleteFile ofPositions = positionDeletes(0);
        DeleteFile ofValues = equalityDeletes(3, 47);
        table.newRowDelta().addDeletes(ofPositions).addDeletes(ofValues).commit();
        KeyScan<Long> scan = new KeyScan<>(table, List.of("id"), (schema, values) -> values.get(0, Long.class));
        List<Long> live = new ArrayList<>();

        for (FileScanTask task : tasks()) {
            scan.read(task, (key, position) -> {
                assertThat(position).isEqualTo(key % ROWS_A_FILE);
                live.add(key);
            });
            // Who reads them again fails.
            Files.deleteIfExists(Path.of(ofPositions.location()));
            Files.deleteIfExists(Path.of(ofValues.location()));
        }

        assertThat(live)
                .hasSize(FILES * (ROWS_A_FILE - 1) - 2)
                .doesNotContain(0L, 10L, 20L, 30L, 40L, 3L, 47L)
                .doesNotHaveDuplicates();
    }

    private List<FileScanTask> tasks() throws IOException {
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            return StreamSupport.stream(tasks.spliterator(), false).toList();
        }
    }

    private Path file(String name) {
        return directory.resolve("table/data").resolve(name);
    }

    private DataFile dataFile(int file) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(
                        table.io().newOutputFile(file(file + ".parquet").toString()))
                .schema(SCHEMA)
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(table.spec())
                .build();
        try (writer) {
            for (long id = (long) file * ROWS_A_FILE; id < (file + 1) * ROWS_A_FILE; id++) {
                writer.write(GenericRecord.create(SCHEMA).copy(Map.of("id", id)));
            }
        }
        return writer.toDataFile();
    }

    /** A row of each data file. */
    private DeleteFile positionDeletes(long position) throws IOException {
        PositionDeleteWriter<Record> writer = Parquet.writeDeletes(
                        table.io().newOutputFile(file("positions.parquet").toString()))
                .withSpec(table.spec())
                .buildPositionWriter();
        try (writer) {
            for (int file = 0; file < FILES; file++) {
                writer.write(PositionDelete.<Record>create()
                        .set(file(file + ".parquet").toString(), position));
            }
        }
        return writer.toDeleteFile();
    }

    private DeleteFile equalityDeletes(long... ids) throws IOException {
        EqualityDeleteWriter<Record> writer = Parquet.writeDeletes(
                        table.io().newOutputFile(file("values.parquet").toString()))
                .createWriterFunc(GenericParquetWriter::create)
                .rowSchema(SCHEMA)
                .withSpec(table.spec())
                .equalityFieldIds(1)
                .buildEqualityWriter();
        try (writer) {
            for (long id : ids) {
                writer.write(GenericRecord.create(SCHEMA).copy(Map.of("id", id)));
            }
        }
        return writer.toDeleteFile();
    }
}

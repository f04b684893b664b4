package io.millrace.iceberg.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.iceberg.ForeignFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
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
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
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

    private final List<DataFile> files = new ArrayList<>();
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
            DataFile written = ForeignFiles.data(
                    table, records(LongStream.range((long) file * ROWS_A_FILE, (file + 1L) * ROWS_A_FILE)));
            files.add(written);
            rows.addRows(written);
        }
        rows.commit();
    }

    @Test
    void aDeleteFileOfManyDataFilesIsReadOnce() throws Exception {
        DeleteFile ofPositions = ForeignFiles.positionDeletes(table, files, 0);
        DeleteFile ofValues = ForeignFiles.equalityDeletes(table, records(LongStream.of(3, 47)));
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

    private static List<Record> records(LongStream ids) {
        return ids.mapToObj(id -> (Record) GenericRecord.create(SCHEMA).copy(Map.of("id", id)))
                .toList();
    }
}

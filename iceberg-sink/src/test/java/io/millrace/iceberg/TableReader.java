package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** Reads snapshots as any engine would, with Iceberg's own generic reader. */
final class TableReader {
    private TableReader() {}

    /** All rows of a snapshot by the values of their first columns; fails on a duplicate and on equality deletes. */
    static Map<String, List<Object>> rows(Table table, Snapshot snapshot, int keyColumns) {
        Map<String, List<Object>> rows = new HashMap<>();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
            for (FileScanTask task : tasks) {
                assertThat(task.deletes())
                        .as("deletes of %s", task.file().location())
                        .allMatch(delete -> delete.content() == FileContent.POSITION_DELETES);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        try (CloseableIterable<Record> records =
                IcebergGenerics.read(table).useSnapshot(snapshot.snapshotId()).build()) {
            for (Record record : records) {
                List<Object> values = new ArrayList<>();
                // The reader appends the position where it had deletes to apply.
                for (int i = 0; i < table.schema().columns().size(); i++) {
                    values.add(record.get(i));
                }
                String key = values.subList(0, keyColumns).stream()
                        .map(String::valueOf)
                        .collect(java.util.stream.Collectors.joining(","));
                assertThat(rows.put(key, values))
                        .as("second row of key %s in snapshot %s", key, snapshot)
                        .isNull();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return rows;
    }

    static Map<String, List<Object>> rows(Table table) {
        table.refresh();
        return table.currentSnapshot() == null ? Map.of() : rows(table, table.currentSnapshot(), 1);
    }
}

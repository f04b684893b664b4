package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * Reads every snapshot of a table as a whole. Each must hold exactly what the history up to its own clock makes, whoever
 * committed it; clocks never go back; there is no second row of a key and no equality delete.
 */
final class SnapshotCheck {
    private final Table table;
    private final ChangeLog log;
    private final BiConsumer<Snapshot, List<String>> right;
    private final Map<Long, Long> model = new HashMap<>();
    private long clock = -1;
    private int own;
    private int others;

    SnapshotCheck(Table table, ChangeLog log) {
        this(table, log, (snapshot, rows) -> {});
    }

    /**
     * Checks a table.
     *
     * @param right is given each snapshot that was found right, with its rows
     */
    SnapshotCheck(Table table, ChangeLog log, BiConsumer<Snapshot, List<String>> right) {
        this.table = table;
        this.log = log;
        this.right = right;
    }

    /** Checks all. */
    void run() {
        List<Snapshot> snapshots = new ArrayList<>();
        table.snapshots().forEach(snapshots::add);
        snapshots.sort(Comparator.comparingLong(Snapshot::sequenceNumber));
        for (Snapshot snapshot : snapshots) {
            check(snapshot);
        }
    }

    private void check(Snapshot snapshot) {
        String where = "table %s, snapshot %s (%s of %s)"
                .formatted(
                        table.name(),
                        snapshot.sequenceNumber(),
                        snapshot.operation(),
                        snapshot.summary().getOrDefault("millrace.epoch", "others"));
        Map<Long, List<@Nullable Object>> rows = rows(snapshot, where);
        List<@Nullable Object> clockRow = rows.get(ChangeLog.CLOCK);
        long now = clockRow == null ? -1 : (Long) clockRow.get(2);
        assertThat(now).as("clock of %s", where).isGreaterThanOrEqualTo(clock);
        log.play(model, clock, now);
        clock = now;
        assertThat(rows.keySet()).as("keys of %s at %s", where, now).isEqualTo(model.keySet());
        model.forEach((key, number) -> assertThat(rows.get(key))
                .as("row %s of %s at %s", key, where, now)
                .isEqualTo(log.row(key, number)));
        if (snapshot.summary().containsKey("millrace.epoch")) {
            own++;
        } else {
            others++;
        }
        right.accept(snapshot, lastRows());
    }

    private Map<Long, List<@Nullable Object>> rows(Snapshot snapshot, String where) {
        Map<Long, List<@Nullable Object>> rows = new HashMap<>();
        try (CloseableIterable<FileScanTask> tasks =
                        table.newScan().useSnapshot(snapshot.snapshotId()).planFiles();
                CloseableIterable<Record> records = IcebergGenerics.read(table)
                        .useSnapshot(snapshot.snapshotId())
                        .build()) {
            for (FileScanTask task : tasks) {
                assertThat(task.deletes())
                        .as("deletes in %s", where)
                        .allMatch(delete -> delete.content() == FileContent.POSITION_DELETES);
            }
            for (Record record : records) {
                List<@Nullable Object> row = new ArrayList<>();
                ChangeLog.SCHEMA.columns().forEach(column -> row.add(record.getField(column.name())));
                assertThat(rows.put((Long) record.getField("id"), row))
                        .as("second row of key %s in %s", record.getField("id"), where)
                        .isNull();
            }
        } catch (IOException e) {
            throw new AssertionError("Cannot read " + where, e);
        }
        return rows;
    }

    /** The rows of the last snapshot as text, sorted: what another reader must find. */
    List<String> lastRows() {
        return model.entrySet().stream()
                .map(entry -> String.join(
                        "|",
                        log.row(entry.getKey(), entry.getValue()).stream()
                                .map(String::valueOf)
                                .toList()))
                .sorted()
                .toList();
    }

    /** The number of the last change in the table. */
    long clock() {
        return clock;
    }

    /** Snapshots of the sink. */
    int own() {
        return own;
    }

    /** Snapshots of compactions. */
    int others() {
        return others;
    }
}

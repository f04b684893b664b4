package io.millrace.iceberg.commit;

import io.millrace.iceberg.index.DataFileRef;
import io.millrace.iceberg.scan.KeyScan;
import io.millrace.iceberg.scan.TableView;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.FileScanTask;

/**
 * Turns what writers want deleted into positions that are true in the table as it is.
 *
 * <p>A writer names a row by the place where it last knew it. If somebody has rewritten that file since, the row is in one
 * of the files added since, under the same key: at most one live row has this key, and it is the version that the delete
 * is for, because commits land in the order in which the changes were made.
 */
final class DeleteTargets<K> {
    private final Map<String, DeleteTarget> targets = new LinkedHashMap<>();
    private final RowKeys<K> keys;
    private final List<String> keyColumns;
    private int movedRows;

    DeleteTargets(RowKeys<K> keys, List<String> keyColumns) {
        this.keys = keys;
        this.keyColumns = keyColumns;
    }

    /**
     * Gathers the targets.
     *
     * @param added the paths of the data files that the same commit adds
     */
    Collection<DeleteTarget> resolve(TableView view, List<TableReport> reports, Set<String> added) {
        long indexedThrough =
                reports.stream().mapToLong(TableReport::indexedThrough).min().orElse(0);
        if (!view.foreignSince(indexedThrough)) {
            deletes(reports).forEach(this::target);
            return targets.values();
        }
        List<FileScanTask> liveFiles = view.liveFiles();
        Set<String> live = TableView.paths(liveFiles);
        Set<K> moved = new HashSet<>();
        for (FileDeletes deletes : deletes(reports)) {
            String path = deletes.file().path();
            if (live.contains(path) || added.contains(path)) {
                target(deletes);
            } else {
                keys.read(deletes, moved::add);
            }
        }
        if (!moved.isEmpty()) {
            find(moved, view, view.foreignFilesSince(liveFiles, indexedThrough));
        }
        return targets.values();
    }

    /** How many rows were found in a file other than the one that the writer named. */
    int movedRows() {
        return movedRows;
    }

    private static List<FileDeletes> deletes(List<TableReport> reports) {
        return reports.stream().flatMap(report -> report.deletes().stream()).toList();
    }

    private void target(FileDeletes deletes) {
        DeleteTarget target = targets.computeIfAbsent(deletes.file().path(), path -> new DeleteTarget(deletes.file()));
        for (long position : deletes.positions()) {
            target.positions().delete(position);
        }
    }

    private void find(Set<K> moved, TableView view, List<FileScanTask> candidates) {
        KeyScan<K> scan = new KeyScan<>(view.table(), keyColumns, keys.keyOf());
        for (FileScanTask task : candidates) {
            scan.read(task, (key, position) -> {
                if (moved.contains(key)) {
                    targets.computeIfAbsent(
                                    task.file().location(),
                                    path -> new DeleteTarget(DataFileRef.of(task.file(), task.spec())))
                            .positions()
                            .delete(position);
                    movedRows++;
                }
            });
        }
    }
}

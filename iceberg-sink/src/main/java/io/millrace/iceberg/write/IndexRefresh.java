package io.millrace.iceberg.write;

import io.millrace.iceberg.commit.EpochLine;
import io.millrace.iceberg.index.DataFileRef;
import io.millrace.iceberg.index.FileNumbers;
import io.millrace.iceberg.index.FileTable;
import io.millrace.iceberg.index.KeyIndex;
import io.millrace.iceberg.index.RowLocation;
import io.millrace.iceberg.scan.KeyScan;
import io.millrace.iceberg.scan.TableView;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.FileScanTask;
import org.jspecify.annotations.Nullable;

/**
 * Brings a subtask's index up to what others have done to the table.
 *
 * <p>A row found in a file that others added becomes the location of its key if the key has none, or has one in a file
 * that has left the table. It does not if the key points into a living file, or into one that this pipeline has yet to
 * commit: the row found is then an older version whose delete is under way. A key that has just been deleted may get a
 * location back before its delete has landed; deleting that row again later does nothing.
 */
final class IndexRefresh<K> {
    private final KeyIndex<K> index;
    private final FileTable files;
    private final FileNumbers numbers;
    private final KeyScan.KeyOf<K> keyOf;
    private final List<String> keyColumns;

    IndexRefresh(
            KeyIndex<K> index, FileTable files, FileNumbers numbers, KeyScan.KeyOf<K> keyOf, List<String> keyColumns) {
        this.index = index;
        this.files = files;
        this.numbers = numbers;
        this.keyOf = keyOf;
        this.keyColumns = keyColumns;
    }

    /** Forgets all locations and reads the table as it is. Returns the number of keys that have a location now. */
    long rebuild(TableView view) {
        files.clear();
        return adopt(view, view.liveFiles(), entry -> false);
    }

    /** Follows the changes of others since a sequence number. Returns the number of keys that got a new location. */
    long follow(TableView view, long indexedThrough, EpochLine line) {
        List<FileScanTask> liveFiles = view.liveFiles();
        Set<String> live = TableView.paths(liveFiles);
        long landed = view.landedEpoch();
        Predicate<FileTable.Entry> gone = entry -> !live.contains(entry.file().path())
                && entry.checkpoint() != FileTable.UNREPORTED
                && (entry.checkpoint() == 0 || line.epoch(entry.checkpoint()) <= landed);
        long moved = adopt(view, view.foreignFilesSince(liveFiles, indexedThrough), gone);
        files.removeIf(gone);
        return moved;
    }

    private long adopt(TableView view, List<FileScanTask> tasks, Predicate<FileTable.Entry> gone) {
        KeyScan<K> scan = new KeyScan<>(view.table(), keyColumns, keyOf);
        long[] adopted = {0};
        for (FileScanTask task : tasks) {
            scan.read(task, (key, position) -> {
                if (index.owns(key) && homeless(key, gone)) {
                    index.put(key, new RowLocation(number(task), position));
                    adopted[0]++;
                }
            });
        }
        return adopted[0];
    }

    private boolean homeless(K key, Predicate<FileTable.Entry> gone) {
        RowLocation known = index.get(key);
        FileTable.@Nullable Entry entry = known == null ? null : files.get(known.file());
        return entry == null || gone.test(entry);
    }

    private long number(FileScanTask task) {
        Long known = files.numberOf(task.file().location());
        if (known != null) {
            return known;
        }
        long number = numbers.take();
        files.put(number, DataFileRef.of(task.file(), task.spec()), 0);
        return number;
    }
}

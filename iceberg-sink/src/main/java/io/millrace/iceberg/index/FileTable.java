package io.millrace.iceberg.index;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The data files of one table that keys of this subtask may point into, each under a number, so that a path is kept once
 * and not with every key.
 *
 * <p>A number that is not in here names a file that has left the table; a key that points there has no live row, or the
 * row has been found elsewhere and the key been given its new location.
 */
public final class FileTable {
    /** The checkpoint of a file that no checkpoint has reported yet. */
    public static final long UNREPORTED = Long.MAX_VALUE;

    private final Map<Long, Entry> byNumber = new HashMap<>();
    private final Map<String, Long> byPath = new HashMap<>();

    /**
     * A file of this table.
     *
     * @param file the file
     * @param checkpoint the checkpoint whose commit brings the file into the table, at the latest; 0 for files that were
     *     found there
     */
    public record Entry(DataFileRef file, long checkpoint) {}

    public void put(long number, DataFileRef file, long checkpoint) {
        byNumber.put(number, new Entry(file, checkpoint));
        byPath.put(file.path(), number);
    }

    public @Nullable Entry get(long number) {
        return byNumber.get(number);
    }

    /** The number of a path, or null if it has none yet. A path may have several numbers after a rescaling; any will do. */
    public @Nullable Long numberOf(String path) {
        return byPath.get(path);
    }

    /** Notes that all files not yet reported belong to this checkpoint. */
    public void report(long checkpoint) {
        byNumber.replaceAll(
                (number, entry) -> entry.checkpoint() == UNREPORTED ? new Entry(entry.file(), checkpoint) : entry);
    }

    public void removeIf(Predicate<Entry> condition) {
        byNumber.values().removeIf(condition);
        byPath.values().removeIf(number -> !byNumber.containsKey(number));
    }

    public void clear() {
        byNumber.clear();
        byPath.clear();
    }

    public int size() {
        return byNumber.size();
    }

    public void forEach(BiConsumer<Long, Entry> action) {
        byNumber.forEach(action);
    }
}

package io.millrace.iceberg.commit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.jspecify.annotations.Nullable;

/**
 * What the position-delete files and deletion vectors hold that were written last, over all tables and within bounds: what is
 * merged soon need not be read. A file never changes, so what is known of it stays true. Safe for use by several threads.
 */
public final class RecentDeletes {
    /** Two to four bytes each. */
    private static final long MOST_POSITIONS = 4_000_000;

    private final long most;
    private final Map<String, Content> files = new LinkedHashMap<>(16, 0.75f, true);
    private long positions;

    /** Starts with nothing remembered. */
    public RecentDeletes() {
        this(MOST_POSITIONS);
    }

    RecentDeletes(long most) {
        this.most = most;
    }

    private record Content(long count, Map<String, PositionDeleteIndex> byPath) {}

    /** Many vectors share a file. */
    private static String key(DeleteFile file) {
        Long offset = file.contentOffset();
        return offset == null ? file.location() : file.location() + "#" + offset;
    }

    /** What the file holds, not to be changed; null if that is not known. */
    synchronized @Nullable Map<String, PositionDeleteIndex> get(DeleteFile file) {
        Content content = files.get(key(file));
        return content == null ? null : content.byPath();
    }

    synchronized void put(DeleteFile file, Map<String, PositionDeleteIndex> content) {
        if (file.recordCount() > most) {
            return;
        }
        remove(file);
        files.put(key(file), new Content(file.recordCount(), content));
        positions += file.recordCount();
        Iterator<Content> longestUnused = files.values().iterator();
        while (positions > most) {
            positions -= longestUnused.next().count();
            longestUnused.remove();
        }
    }

    synchronized void remove(DeleteFile file) {
        Content content = files.remove(key(file));
        if (content != null) {
            positions -= content.count();
        }
    }
}

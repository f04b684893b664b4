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
    /** Two to four bytes each, mostly. */
    private static final long MOST_POSITIONS = 4_000_000;
    /** What a data file's bitmap and name take besides, in positions: many vectors hold few. */
    private static final int PATH = 200;

    private final long most;
    private final Map<String, Content> files = new LinkedHashMap<>(16, 0.75f, true);
    private long kept;

    /** Starts with nothing remembered. */
    public RecentDeletes() {
        this(MOST_POSITIONS);
    }

    RecentDeletes(long most) {
        this.most = most;
    }

    private record Content(long size, Map<String, PositionDeleteIndex> byPath) {}

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
        remove(file);
        long size = file.recordCount() + (long) PATH * content.size();
        if (size > most) {
            return;
        }
        files.put(key(file), new Content(size, content));
        kept += size;
        Iterator<Content> longestUnused = files.values().iterator();
        while (kept > most) {
            kept -= longestUnused.next().size();
            longestUnused.remove();
        }
    }

    synchronized void remove(DeleteFile file) {
        Content content = files.remove(key(file));
        if (content != null) {
            kept -= content.size();
        }
    }
}

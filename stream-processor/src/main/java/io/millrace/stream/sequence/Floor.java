package io.millrace.stream.sequence;

import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * The newest truncation of a table: no row that is older lives, and no change that is older has an effect any more.
 *
 * <p>It stands for the tombstones of all keys that the table ever had, also of those that nobody remembers. So a row that it
 * removes need not leave one of its own, and a change that comes late, from a shard that was read more slowly, or again, finds
 * it before itself whatever is known of its key. See docs/decisions/0018-truncations.md.
 *
 * @param position where the truncation stands in the source's history
 * @param eventTimeMicros when the source committed it
 */
public record Floor(SourcePosition position, long eventTimeMicros) {

    /** Whether what is remembered of a key is older than the truncation, or nothing is remembered. */
    public boolean isAbove(@Nullable KeyHistory stored) {
        return stored == null || stored.position() == null || stored.position().compareTo(position) < 0;
    }

    /**
     * What is to be taken for the last change of a key: what is remembered of it, or the truncation if that is newer.
     *
     * @param stored what is remembered; null if nothing is
     */
    public KeyHistory over(@Nullable KeyHistory stored) {
        if (stored != null && !isAbove(stored)) {
            return stored;
        }
        long version = stored == null ? version() : Math.max(version(), stored.version() + 1);
        return new KeyHistory(position, version, true, false, false, null, KeyHistory.NEVER);
    }

    /** The delete by which the truncation removes a row. */
    public RowChange.Delete delete(RowKey key, @Nullable KeyHistory stored) {
        return new RowChange.Delete(key, over(stored).version(), eventTimeMicros);
    }

    /**
     * Whether the row, once removed, needs a tombstone of its own: only where its versions were ahead of the positions, as
     * else the floor gives whatever follows a version beyond the delete's.
     */
    public boolean needsTombstone(KeyHistory stored) {
        return over(stored).version() > version();
    }

    /** As that of any change, see {@link Sequencer}. */
    private long version() {
        return Math.max(1, Math.max(position.transaction(), position.offset()));
    }
}

package io.millrace.capture.encode;

import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Gives changes positions that order them after the snapshot that they follow.
 *
 * <p>Readers order the changes of a row by ({@code source.sequence[0]}, {@code source.lsn}), and snapshot rows stand at
 * (snapshot LSN, 0). Debezium puts the last commit's LSN there, and null before the first commit that it has seen. Both can
 * be below the snapshot's LSN: a transaction that was open while the replication slot was made is streamed, although its
 * changes were written before the slot's first consistent point, which is the snapshot's LSN. So every streamed change gets
 * the snapshot's LSN there. Its own LSN orders it among the changes of its row, since row locks let these be written in one
 * order only; and a change that is read again after a restart gets the same position again.
 *
 * <p>Not safe for use by several threads.
 */
public final class SnapshotOrder {
    private final SnapshotLsn snapshot;

    /** Where the highest LSN of a snapshot is kept, across restarts. Unsigned; 0 before any snapshot. */
    public interface SnapshotLsn {
        long value();

        void raise(long lsn);

        /** Whether a snapshot was begun before the one that is the latest. */
        boolean repeated();
    }

    public SnapshotOrder(SnapshotLsn snapshot) {
        this.snapshot = snapshot;
    }

    /** Sets the position of a streamed change; learns the snapshot's LSN from a snapshot row. */
    public void stamp(Struct source) {
        Long lsn = source.getInt64("lsn");
        if (lsn == null) {
            return;
        }
        if (isSnapshot(source.getString("snapshot"))) {
            if (Long.compareUnsigned(lsn, snapshot.value()) > 0) {
                snapshot.raise(lsn);
            }
            return;
        }
        // Debezium leaves this field to its default, which the stream's readers do not see.
        source.put("snapshot", "false");
        source.put(
                "sequence",
                "[\"" + Long.toUnsignedString(snapshot.value()) + "\",\"" + Long.toUnsignedString(lsn) + "\"]");
    }

    private static boolean isSnapshot(@Nullable String marker) {
        return marker != null && !marker.equals("false");
    }
}

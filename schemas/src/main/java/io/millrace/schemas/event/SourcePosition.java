package io.millrace.schemas.event;

/**
 * Where a change stands in its source's history; of two changes of one key the later one has the greater position.
 *
 * <p>PostgreSQL: the first part of {@code source.sequence}, and the LSN of the change itself. Millrace's own capture puts
 * the LSN of the snapshot there that the change follows, a plain Debezium the LSN of the last commit before the change's
 * transaction. The pair, and not the LSN alone, because a transaction that was open when a snapshot was taken holds changes
 * whose LSN is below the snapshot's although they come after it. Snapshot rows stand at (snapshot LSN, 0), before every
 * later change.
 *
 * <p>MariaDB: the place of the change in the binary log, see {@link BinlogPosition}.
 *
 * @param transaction orders snapshots, and never falls from one change of a key to the next
 * @param offset orders the changes of a key where the first part is the same
 */
public record SourcePosition(long transaction, long offset) implements Comparable<SourcePosition> {

    @Override
    public int compareTo(SourcePosition that) {
        int byTransaction = Long.compareUnsigned(transaction, that.transaction);
        return byTransaction != 0 ? byTransaction : Long.compareUnsigned(offset, that.offset);
    }
}

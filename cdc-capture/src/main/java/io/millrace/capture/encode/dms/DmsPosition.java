package io.millrace.capture.encode.dms;

import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * What DMS says of where a change stands: its {@code stream-position}, and the transaction that it belongs to.
 *
 * <p>With PostgreSQL {@code LSN.number.LSN}, DMS repeats one LSN; here it is that of the change itself, which never goes back
 * within a row. A transaction that was open during the snapshot may have changes whose LSN is below the snapshot's: for these
 * the first LSN is the snapshot's, so that they stand behind its rows, and their number in the transaction is left out, which
 * would order them before the LSN does. Rows of a repeated snapshot, and rows that are read again, stand at the LSN of the reading.
 *
 * @param stream the position; null for rows that DMS loads
 * @param transaction the transaction's number; null if it does not count
 */
record DmsPosition(@Nullable String stream, @Nullable Long transaction) {

    /** The position of a change that the snapshot was followed by. */
    static DmsPosition streamed(Struct source, long snapshotLsn) {
        long lsn = source.getInt64("lsn");
        return Long.compareUnsigned(lsn, snapshotLsn) < 0
                ? new DmsPosition(text(snapshotLsn) + ".0." + text(lsn), null)
                : new DmsPosition(text(lsn) + ".0." + text(lsn), source.getInt64("txId"));
    }

    /** The position of a row of a snapshot. */
    static DmsPosition ofSnapshot(Struct source, boolean repeated) {
        if (!repeated) {
            return new DmsPosition(null, null);
        }
        String lsn = text(source.getInt64("lsn"));
        return new DmsPosition(lsn + ".0." + lsn, null);
    }

    private static String text(long lsn) {
        return String.format("%08X/%08X", lsn >>> 32, lsn & 0xffff_ffffL);
    }
}

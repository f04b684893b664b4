package io.millrace.stream.volume;

import io.millrace.schemas.event.Operation;

/**
 * What came in of one table in one minute of event time, or a part of it.
 *
 * @param table the source table's full name; the source's alone for records of which no table is known
 * @param minuteMillis the minute's begin
 * @param inserts how many changes inserted a row, whether or not they were applied
 * @param updates how many updated one
 * @param deletes how many deleted one
 * @param snapshotRows how many rows came with a snapshot
 * @param superseded how many of these had no effect, as a newer change of the row had been applied
 * @param duplicates how many of these had been applied before
 * @param rejected how many more were refused; of what operation is not known of all
 * @param lag how far behind their source those that can tell were when their order was decided
 */
public record MinuteCounts(
        String table,
        long minuteMillis,
        long inserts,
        long updates,
        long deletes,
        long snapshotRows,
        long superseded,
        long duplicates,
        long rejected,
        Lag lag) {

    /** The length of a minute. */
    public static final long MINUTE_MILLIS = 60_000;

    /** What became of a change whose place in the order of its key is known. */
    public enum Verdict {
        APPLIED,
        SUPERSEDED,
        DUPLICATE
    }

    /**
     * The time from the source's commit to the job's decision.
     *
     * @param count of how many changes
     * @param sumMillis all together
     * @param maxMillis the longest
     */
    public record Lag(long count, long sumMillis, long maxMillis) {
        /** Of no change. */
        public static final Lag NONE = new Lag(0, 0, 0);

        /** Of one change. */
        public static Lag of(long millis) {
            long lag = Math.max(0, millis);
            return new Lag(1, lag, lag);
        }

        Lag plus(Lag other) {
            return other.count == 0
                    ? this
                    : new Lag(count + other.count, sumMillis + other.sumMillis, Math.max(maxMillis, other.maxMillis));
        }
    }

    /** One change. */
    public static MinuteCounts of(String table, long eventMillis, Operation operation, Verdict verdict, Lag lag) {
        return new MinuteCounts(
                table,
                minuteOf(eventMillis),
                operation == Operation.INSERT ? 1 : 0,
                operation == Operation.UPDATE ? 1 : 0,
                operation == Operation.DELETE ? 1 : 0,
                operation == Operation.SNAPSHOT ? 1 : 0,
                verdict == Verdict.SUPERSEDED ? 1 : 0,
                verdict == Verdict.DUPLICATE ? 1 : 0,
                0,
                lag);
    }

    /** One refused record, or change of it. */
    public static MinuteCounts ofRejected(String table, long eventMillis) {
        return new MinuteCounts(table, minuteOf(eventMillis), 0, 0, 0, 0, 0, 0, 1, Lag.NONE);
    }

    /** The changes that the source made, as far as they came: snapshot rows are none. */
    public long changes() {
        return inserts + updates + deletes + rejected;
    }

    /** How many went on to the targets. */
    public long applied() {
        return inserts + updates + deletes + snapshotRows - superseded - duplicates;
    }

    /** Two parts of the same minute together. */
    public MinuteCounts plus(MinuteCounts other) {
        return new MinuteCounts(
                table,
                minuteMillis,
                inserts + other.inserts,
                updates + other.updates,
                deletes + other.deletes,
                snapshotRows + other.snapshotRows,
                superseded + other.superseded,
                duplicates + other.duplicates,
                rejected + other.rejected,
                lag.plus(other.lag));
    }

    /** The same in another minute. */
    public MinuteCounts at(long minute) {
        return new MinuteCounts(
                table, minute, inserts, updates, deletes, snapshotRows, superseded, duplicates, rejected, lag);
    }

    /** The begin of the minute that a moment is in. */
    public static long minuteOf(long millis) {
        return Math.floorDiv(millis, MINUTE_MILLIS) * MINUTE_MILLIS;
    }
}

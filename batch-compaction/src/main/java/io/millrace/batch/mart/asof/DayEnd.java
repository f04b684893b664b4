package io.millrace.batch.mart.asof;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Finds the snapshot of a table that holds the end of a day, in the table's own history. */
public final class DayEnd {

    private DayEnd() {}

    /**
     * A commit that made a snapshot the table's current one.
     *
     * @param at when
     * @param snapshotId the snapshot
     */
    public record Commit(Instant at, long snapshotId) {}

    /** What a table's history says of the end of a day. */
    public sealed interface Found {
        /** The snapshot that holds it. */
        record Snapshot(long id) implements Found {}

        /** The table had no rows yet. */
        record NoRowsYet() implements Found {}

        /** The day's changes may still be on their way. */
        record TooEarly(Instant until) implements Found {}

        /** The snapshot has been expired; what is left begins later. */
        record Expired(Instant oldest) implements Found {}
    }

    /**
     * The last snapshot that was committed before the day's end and the time that changes take to arrive.
     *
     * @param history the table's commits, oldest first
     * @param complete whether the history begins with the table's first snapshot
     * @param dayEnd the first instant of the next day
     * @param settle how long after it the day's last changes may come
     * @param now the time of the run
     */
    public static Found find(List<Commit> history, boolean complete, Instant dayEnd, Duration settle, Instant now) {
        Instant last = dayEnd.plus(settle);
        if (now.isBefore(last)) {
            return new Found.TooEarly(last);
        }
        Found found = complete || history.isEmpty()
                ? new Found.NoRowsYet()
                : new Found.Expired(history.get(0).at());
        for (Commit commit : history) {
            if (commit.at().isAfter(last)) {
                break;
            }
            found = new Found.Snapshot(commit.snapshotId());
        }
        return found;
    }
}

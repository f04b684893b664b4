package io.millrace.iceberg.commit;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides with which complete checkpoints to commit, so that tables get fewer snapshots than the job makes checkpoints.
 * Reports that are not committed yet are kept in state; how long they wait is a matter of freshness, never of correctness.
 */
public final class CommitSchedule {
    /** A checkpoint in the last tenth of the interval is not made to wait for a whole checkpoint more. */
    private static final int TOLERANCE = 10;

    private final Duration shortest;
    private @Nullable Instant last;

    /**
     * Starts with the first commit being due.
     *
     * @param interval the least time between two commits; zero commits with every checkpoint
     */
    public CommitSchedule(Duration interval) {
        this.shortest = interval.minus(interval.dividedBy(TOLERANCE));
    }

    /** Whether a checkpoint that completes now is one to commit with; if so, the interval begins anew. */
    public boolean due(Instant now) {
        Instant before = last;
        if (before != null && Duration.between(before, now).compareTo(shortest) < 0) {
            return false;
        }
        last = now;
        return true;
    }
}

package io.millrace.stream.admit;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.schemas.pipeline.Lateness;
import java.time.Duration;

/**
 * Tells which changes are late: behind the watermark by more than their table allows.
 *
 * <p>Snapshot rows are never late. Their time says when a row was read or last touched, not when it was sent; a table may
 * hold rows that nobody has touched for years.
 *
 * <p>The watermark is the one of all sources together, which only the keyed step sees; a record's bytes, which a dead
 * letter needs, are at hand only before it. No watermark can run ahead of the wall clock by more than what the
 * {@link FutureGuard} lets pass. So whether a change can become late at all shows on its way in, and only those that can
 * take their bytes along: {@link #mayBecomeLate}. What was fresh when it came in is not late, however long it has waited
 * inside the job.
 */
public final class Punctuality {
    private final EventTime eventTime;

    public Punctuality(EventTime eventTime) {
        this.eventTime = eventTime;
    }

    /**
     * By how much a change is later than allowed, in milliseconds; not positive if it is not late.
     *
     * @param watermarkMillis the watermark; {@link Long#MIN_VALUE} if there is none yet
     */
    public long excessMillis(ChangeEvent change, long watermarkMillis) {
        if (change.operation() == Operation.SNAPSHOT || watermarkMillis == Long.MIN_VALUE) {
            return 0;
        }
        return watermarkMillis
                - change.eventTimeMicros() / 1000
                - lateness(change).allowed().toMillis();
    }

    /** What becomes of a late change of this table. */
    public Lateness.Policy policy(ChangeEvent change) {
        return lateness(change).policy();
    }

    /**
     * Whether a change that comes in now could turn out to be late and be refused or reported for it.
     *
     * @param nowMillis the time by the wall clock
     */
    public boolean mayBecomeLate(ChangeEvent change, long nowMillis) {
        return policy(change) != Lateness.Policy.APPLY
                && excessMillis(change, nowMillis + eventTime.maxAhead().toMillis()) > 0;
    }

    /** Why a late change is refused or reported. */
    public String reason(ChangeEvent change, long watermarkMillis) {
        Duration allowed = lateness(change).allowed();
        return "The change is late: it is %s behind the watermark, and %s are allowed"
                .formatted(text(Duration.ofMillis(watermarkMillis - change.eventTimeMicros() / 1000)), text(allowed));
    }

    private Lateness lateness(ChangeEvent change) {
        return eventTime.lateness(change.key().table());
    }

    /** To the second, such as {@code 2h 3m 10s}. */
    static String text(Duration duration) {
        long seconds = duration.toSeconds();
        StringBuilder text = new StringBuilder();
        if (seconds >= 3600) {
            text.append(seconds / 3600).append("h ");
        }
        if (seconds >= 60) {
            text.append(seconds / 60 % 60).append("m ");
        }
        return text.append(seconds % 60).append('s').toString();
    }
}

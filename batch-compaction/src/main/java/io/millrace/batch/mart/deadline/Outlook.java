package io.millrace.batch.mart.deadline;

import java.time.Duration;
import java.time.Instant;

/** Whether what is left to do will be done in time. */
public sealed interface Outlook {

    /** It will, with the margin to spare. */
    record InTime() implements Outlook {}

    /**
     * It would end later than the margin before the deadline.
     *
     * @param projected when it would end
     */
    record AtRisk(Instant projected) implements Outlook {}

    /** The deadline has passed. */
    record Missed() implements Outlook {}

    /**
     * Looks ahead.
     *
     * @param now the time
     * @param deadline when everything has to be done
     * @param margin how long before the deadline it should be done
     * @param left how long what is left has taken on other days; what is under way counts from its start
     */
    static Outlook of(Instant now, Instant deadline, Duration margin, Duration left) {
        if (!now.isBefore(deadline)) {
            return new Missed();
        }
        Instant projected = now.plus(left);
        return projected.isAfter(deadline.minus(margin)) ? new AtRisk(projected) : new InTime();
    }
}

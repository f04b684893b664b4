package io.millrace.local.stack;

import java.time.Instant;

/**
 * How a component is.
 *
 * @param pid its process; 0 if there is none at the moment
 * @param since when it came into this state
 * @param restarts how often it was started again after it had died
 */
record ComponentStatus(ComponentState state, long pid, Instant since, int restarts) {

    static ComponentStatus waiting(Instant now) {
        return new ComponentStatus(ComponentState.WAITING, 0, now, 0);
    }

    ComponentStatus to(ComponentState next, long nextPid, Instant now) {
        return new ComponentStatus(next, nextPid, now, restarts);
    }

    ComponentStatus startedAgain(Instant now) {
        return new ComponentStatus(ComponentState.STARTING, 0, now, restarts + 1);
    }
}

package io.millrace.local.stack;

import java.time.Duration;

/**
 * When a component that died is started again: at once the first time, then later and later, and no more when it keeps
 * dying young.
 */
final class RestartPolicy {

    /** Who lived that long did not die of its start. */
    static final Duration ADULT = Duration.ofSeconds(10);

    static final int MOST_DEATHS = 8;

    private static final Duration FIRST_DELAY = Duration.ofMillis(500);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(15);

    private RestartPolicy() {}

    /**
     * What to do after a death.
     *
     * @param young how often it died young in a row, this time included
     * @param delay how long to wait before the next start
     * @param giveUp whether there is no next start
     */
    record Decision(int young, Duration delay, boolean giveUp) {}

    /**
     * @param youngBefore how often it died young in a row before
     * @param lived how long it was healthy this time; zero if never
     */
    static Decision afterDeath(int youngBefore, Duration lived) {
        int young = lived.compareTo(ADULT) >= 0 ? 1 : youngBefore + 1;
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(young - 1, 20));
        return new Decision(young, delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay, young > MOST_DEATHS);
    }
}

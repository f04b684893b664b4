package io.millrace.stream.volume;

/**
 * Says how far event time has come where no event tells it: while all sources are silent, it goes on as the wall clock does.
 *
 * <p>The wall clock gives the time that has passed, never the time that it is: a source's clock may be minutes off. As the
 * silence is known only after the idle time, this clock is behind the source's by that much, and nobody's minute is judged before
 * it is over. Silence is what idle sources say, behind everything that they have sent; a job that waits for a target hears of none.
 */
public final class SilenceClock {
    private static final long NEVER = Long.MIN_VALUE;

    private long eventMillis = NEVER;
    private long idleSinceMillis = NEVER;

    /** Event time has come this far. */
    public void heard(long watermarkMillis) {
        eventMillis = Math.max(eventMillis, watermarkMillis);
    }

    /** There is nothing to be heard since now, by the wall clock. */
    public void fallsSilent(long nowMillis) {
        if (idleSinceMillis == NEVER) {
            idleSinceMillis = nowMillis;
        }
    }

    /** There is something again. */
    public void endsSilence(long nowMillis) {
        eventMillis = millis(nowMillis);
        idleSinceMillis = NEVER;
    }

    /** How far event time has come; {@link Long#MIN_VALUE} if that was never known. */
    public long millis(long nowMillis) {
        return eventMillis == NEVER || idleSinceMillis == NEVER
                ? eventMillis
                : eventMillis + Math.max(0, nowMillis - idleSinceMillis);
    }
}

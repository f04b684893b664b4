package io.millrace.stream.admit;

import java.time.Duration;

/**
 * Recognises changes that were committed, by their source's clock, well after the transport had them: that clock is wrong,
 * and must not move the watermark past the changes of everybody else.
 *
 * <p>Arrival and not the wall clock is what event times are held against, so that a stream that is read again weeks later
 * is judged as it was at first. An arrival that is itself in the future, as of a producer that stamps records, does not
 * count for more than now.
 *
 * @param maxAhead how far ahead of its arrival a change may be, for clocks that are not quite right
 */
public record FutureGuard(Duration maxAhead) {

    /**
     * By how much a change is too far ahead, in milliseconds; not positive if it is not.
     *
     * @param eventMillis when the source committed it
     * @param arrivalMillis when the transport took it; not positive if the transport does not tell
     * @param nowMillis the time by the wall clock
     */
    public long excessMillis(long eventMillis, long arrivalMillis, long nowMillis) {
        long arrival = arrivalMillis <= 0 ? nowMillis : Math.min(arrivalMillis, nowMillis);
        return eventMillis - arrival - maxAhead.toMillis();
    }
}

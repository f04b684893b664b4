package io.millrace.stream.retry;

import java.io.Serializable;
import java.time.Duration;

/**
 * How long to wait before something is tried again: twice as long after each failure.
 *
 * @param first the wait after the first failure
 * @param longest the longest wait
 */
public record Backoff(Duration first, Duration longest) implements Serializable {

    /** The wait after this many failures in a row, at least one. */
    public Duration after(int failures) {
        // Thirty doublings of a millisecond are twelve days: more need not be counted.
        long millis = first.toMillis() << Math.min(failures - 1, 30);
        return millis <= 0 || millis > longest.toMillis() ? longest : Duration.ofMillis(millis);
    }
}

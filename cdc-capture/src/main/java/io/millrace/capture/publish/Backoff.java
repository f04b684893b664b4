package io.millrace.capture.publish;

import java.time.Duration;

/**
 * How long to wait before trying again: doubles with every failure in a row, up to a ceiling.
 *
 * @param first the wait after the first failure
 * @param most the longest wait
 */
public record Backoff(Duration first, Duration most) {

    /** The wait after so many failures in a row; at least one. */
    public Duration after(int failures) {
        long nanos = first.toNanos();
        for (int i = 1; i < failures && nanos < most.toNanos(); i++) {
            nanos *= 2;
        }
        return Duration.ofNanos(Math.min(nanos, most.toNanos()));
    }
}

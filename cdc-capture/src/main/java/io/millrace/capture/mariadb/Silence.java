package io.millrace.capture.mariadb;

import java.time.Duration;

/**
 * How long nothing has come from the server. It sends a sign of life every few seconds; Debezium does not notice when they
 * cease. Time in which we are busy with what came does not count. Safe for use by several threads.
 */
final class Silence {
    /** After so long the connection counts as lost. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private long since;
    private boolean lasts;

    /** All that came is dealt with. */
    synchronized void begins(long nanos) {
        since = nanos;
        lasts = true;
    }

    /** Something has come. */
    synchronized void ends() {
        lasts = false;
    }

    synchronized boolean isTooLong(long nanos) {
        return lasts && nanos - since > LONGEST.toNanos();
    }
}

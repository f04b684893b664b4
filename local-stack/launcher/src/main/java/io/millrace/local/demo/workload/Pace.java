package io.millrace.local.demo.workload;

/**
 * Tells when the next transaction is due at an even rate. A lane that was held up may catch up, but by no more than a
 * second's worth: a burst after a long stall would measure something else.
 */
final class Pace {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private double dueNanos;

    /**
     * @param perSecond row changes in a second
     * @param startNanos when the first one is due
     */
    Pace(double perSecond, long startNanos) {
        this.perSecond = perSecond;
        this.dueNanos = startNanos;
    }

    /** How long to wait before the next transaction; zero or less if it is due. */
    long nanosToWait(long nowNanos) {
        dueNanos = Math.max(dueNanos, nowNanos - NANOS);
        return (long) (dueNanos - nowNanos);
    }

    /** Takes note of changes that were made. */
    void made(int changes) {
        dueNanos += changes * NANOS / perSecond;
    }
}

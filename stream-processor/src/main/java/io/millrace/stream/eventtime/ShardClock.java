package io.millrace.stream.eventtime;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a watermark off the events of several shards: as far as the shard that is furthest behind, less the
 * out-of-orderness.
 *
 * <p>Per shard, as events are nearly in order within one and far from it between two: after an outage or at the first start
 * one shard may be read hours ahead of another. For the same reason
 *
 * <ul>
 *   <li>a shard without events for the idle time does not hold back the others, but the idle time is counted while the job
 *       is free to read: a job that waits for a target sees no events of anybody, and would go on with the shard that
 *       happens to come first as if the others had nothing;
 *   <li>there is no watermark for the first seconds, in which the shards are being opened one after the other;
 *   <li>snapshot rows hold back the watermark, and do not move it: their time is that of the reading, and the changes that
 *       were committed meanwhile are still to come.
 * </ul>
 */
public final class ShardClock {
    /** A gap between two ticks beyond this was not idleness but waiting. */
    private static final long LONGEST_TICK_MILLIS = 1_000;

    private static final long LONGEST_WARM_UP_MILLIS = 5_000;
    private static final long NO_TIME = Long.MIN_VALUE;

    private final long outOfOrdernessMillis;
    private final long idlenessMillis;
    private final long warmUpMillis;
    private final Map<String, Shard> shards = new HashMap<>();
    private long lastTickMillis = NO_TIME;
    private long workedMillis;

    /** What the shards say together. */
    public sealed interface Reading {

        /** Time has come this far, in milliseconds. */
        record At(long watermarkMillis) implements Reading {}

        /** There are events, or may be, that do not tell how far time has come. */
        record Held() implements Reading {}

        /** There are no events; others need not wait for these shards. */
        record Idle() implements Reading {}
    }

    public ShardClock(Duration outOfOrderness, Duration idleness) {
        this.outOfOrdernessMillis = outOfOrderness.toMillis();
        this.idlenessMillis = idleness.toMillis();
        this.warmUpMillis = Math.min(idlenessMillis, LONGEST_WARM_UP_MILLIS);
    }

    /** Takes an event of a shard into account. */
    public void see(String shard, long eventMillis) {
        Shard seen = seeAnything(shard);
        seen.latestEventMillis = Math.max(seen.latestEventMillis, eventMillis);
    }

    /** Takes a snapshot row of a shard into account, whose time says nothing. */
    public void seeSnapshot(String shard) {
        seeAnything(shard);
    }

    private Shard seeAnything(String shard) {
        Shard seen = shards.computeIfAbsent(shard, s -> new Shard());
        seen.idleMillis = 0;
        return seen;
    }

    /**
     * Reads the clock.
     *
     * @param nowMillis the time by the wall clock; called several times a second while there is nothing else to do
     */
    public Reading tick(long nowMillis) {
        long worked =
                lastTickMillis == NO_TIME ? 0 : Math.max(0, Math.min(nowMillis - lastTickMillis, LONGEST_TICK_MILLIS));
        lastTickMillis = nowMillis;
        workedMillis += worked;
        long earliest = Long.MAX_VALUE;
        for (Shard shard : shards.values()) {
            if (shard.idleMillis < idlenessMillis) {
                earliest = Math.min(earliest, shard.latestEventMillis);
            }
            shard.idleMillis += worked;
        }
        if (workedMillis < warmUpMillis || earliest == NO_TIME) {
            return new Reading.Held();
        }
        // Minus one: another event of the latest time may still come.
        return earliest == Long.MAX_VALUE ? new Reading.Idle() : new Reading.At(earliest - outOfOrdernessMillis - 1);
    }

    private static final class Shard {
        private long latestEventMillis = NO_TIME;
        private long idleMillis;
    }
}

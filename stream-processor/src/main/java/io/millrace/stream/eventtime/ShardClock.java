package io.millrace.stream.eventtime;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads a watermark off the events of several shards: as far as the shard that is furthest behind, less the
 * out-of-orderness. Shards without events for the idle time do not hold it back.
 *
 * <p>Per shard, as events are nearly in order within one and far from it between two: after an outage or at the first start
 * one shard may be read hours ahead of another.
 */
public final class ShardClock {
    private final long outOfOrdernessMillis;
    private final long idlenessMillis;
    private final Map<String, Shard> shards = new HashMap<>();

    public ShardClock(Duration outOfOrderness, Duration idleness) {
        this.outOfOrdernessMillis = outOfOrderness.toMillis();
        this.idlenessMillis = idleness.toMillis();
    }

    /**
     * Takes an event into account.
     *
     * @param shard the shard that it came from
     * @param eventMillis its event time
     * @param nowMillis the time by the wall clock, for idleness
     */
    public void see(String shard, long eventMillis, long nowMillis) {
        Shard seen = shards.computeIfAbsent(shard, s -> new Shard());
        seen.latestEventMillis = Math.max(seen.latestEventMillis, eventMillis);
        seen.lastSeenMillis = nowMillis;
    }

    /** The watermark, in milliseconds; empty while every shard is idle. */
    public OptionalLong watermark(long nowMillis) {
        OptionalLong earliest = shards.values().stream()
                .filter(shard -> nowMillis - shard.lastSeenMillis < idlenessMillis)
                .mapToLong(shard -> shard.latestEventMillis)
                .min();
        // Minus one: another event of the latest time may still come.
        return earliest.isEmpty() ? earliest : OptionalLong.of(earliest.getAsLong() - outOfOrdernessMillis - 1);
    }

    private static final class Shard {
        private long latestEventMillis = Long.MIN_VALUE / 2;
        private long lastSeenMillis;
    }
}

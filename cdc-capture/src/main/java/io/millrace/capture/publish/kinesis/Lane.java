package io.millrace.capture.publish.kinesis;

import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.StreamRecord;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one shard. At most one aggregate is under way, so that nothing overtakes an aggregate that has to be
 * tried again.
 *
 * <pre>
 * waiting ──depart──▶ under way ──arrived──▶ gone
 *    ▲                    │
 *    └─────turnedBack─────┘   (to the head, then rests before the next departure)
 * </pre>
 */
final class Lane {
    private final Shard shard;
    private final Deque<StreamRecord> waiting = new ArrayDeque<>();
    private @Nullable Aggregate underWay;
    private int failures;
    private long restsUntil;

    /** A lane that may depart at any time from this reading of the monotonic clock on. */
    Lane(Shard shard, long now) {
        this.shard = shard;
        this.restsUntil = now;
    }

    Shard shard() {
        return shard;
    }

    void add(StreamRecord record) {
        waiting.add(record);
    }

    Collection<StreamRecord> waiting() {
        return waiting;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && underWay == null;
    }

    boolean isWaiting() {
        return underWay == null && !waiting.isEmpty();
    }

    /** How long a waiting lane still rests; zero or less if it may depart. */
    long restAt(long now) {
        return restsUntil - now;
    }

    /** Takes as many records from the head as fit; at least one. */
    Aggregate depart(int maxBytes) {
        Aggregate aggregate = new Aggregate();
        aggregate.add(waiting.remove());
        while (!waiting.isEmpty() && aggregate.sizeWith(waiting.element()) <= maxBytes) {
            aggregate.add(waiting.remove());
        }
        underWay = aggregate;
        return aggregate;
    }

    void arrived() {
        underWay = null;
        failures = 0;
    }

    void turnedBack(Backoff backoff, long now) {
        failures++;
        restsUntil = now + backoff.after(failures).toNanos();
        returnToHead();
    }

    /** Back to the head without counting a failure: the records belong to another shard. */
    void misrouted() {
        returnToHead();
    }

    private void returnToHead() {
        if (underWay == null) {
            throw new IllegalStateException("Cannot turn back: nothing is under way to " + shard.id());
        }
        List<StreamRecord> records = underWay.records();
        for (int i = records.size() - 1; i >= 0; i--) {
            waiting.addFirst(records.get(i));
        }
        underWay = null;
    }
}

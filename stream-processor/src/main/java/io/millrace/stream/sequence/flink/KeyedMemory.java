package io.millrace.stream.sequence.flink;

import io.millrace.schemas.event.RowKey;
import io.millrace.stream.sequence.Floor;
import io.millrace.stream.sequence.KeptValues;
import io.millrace.stream.sequence.KeyHistory;
import io.millrace.stream.sequence.KeyMemory;
import io.millrace.stream.sequence.Outcome;
import io.millrace.stream.sequence.Sequencer;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of keys, in keyed state.
 *
 * <ul>
 *   <li>{@code history}: 10 to 20 bytes, read and written for every change;
 *   <li>{@code kept-values}: of large rows, read only for changes that leave out values;
 *   <li>{@code identities}: of changes without a position, with the event time at which each is forgotten.
 * </ul>
 *
 * <p>They are apart so that each costs nothing where it is not needed. What expires does so by timers in event time, not
 * by Flink's state TTL, which counts by the wall clock: after an outage of days the first thing that a job did would be to
 * forget what the backlog, which is still to be read, needs. Timers of tombstones stand at full hours, those of identities
 * one millisecond after full minutes, so that a timer tells what it is for.
 */
final class KeyedMemory implements KeyMemory {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long MINUTE_MILLIS = 60_000;

    /** The state that has every key that is remembered. */
    static final String HISTORY = "history";

    private final ValueState<KeyHistory> histories;
    private final ValueState<KeptValues> keptValues;
    private final MapState<Long, Long> identities;
    private @Nullable KeyHistory stored;
    private @Nullable KeyHistory history;

    KeyedMemory(RuntimeContext context) {
        histories = context.getState(new ValueStateDescriptor<>(HISTORY, WireType.of(WireFormat.KEY_HISTORY)));
        keptValues = context.getState(new ValueStateDescriptor<>("kept-values", WireType.of(WireFormat.KEPT_VALUES)));
        identities = context.getMapState(new MapStateDescriptor<>("identities", Types.LONG, Types.LONG));
    }

    /**
     * Reads what is known of the current key.
     *
     * @param floor the newest truncation of its table, which is the key's last change if nothing newer is known
     */
    void turnTo(RowKey key, @Nullable Floor floor) {
        try {
            stored = histories.value();
            history = floor == null ? stored : floor.over(stored);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the history of a key of " + key.table() + " from state", e);
        }
    }

    /** What the state itself has of the current key. */
    @Nullable
    KeyHistory stored() {
        return stored;
    }

    @Override
    public @Nullable KeyHistory history() {
        return history;
    }

    @Override
    public @Nullable KeptValues keptValues() {
        try {
            return keptValues.value();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read kept values from state", e);
        }
    }

    @Override
    public boolean saw(long identity) {
        try {
            return identities.contains(identity);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot read identities from state", e);
        }
    }

    /** Remembers an applied change of the current key. */
    void remember(Outcome.Applied applied, long identityExpiry, TimerService timers) throws Exception {
        KeyHistory newest = applied.history();
        histories.update(newest);
        if (applied.kept().isPresent()) {
            keptValues.update(applied.kept().get());
        } else if (stored != null && stored.keepsValues()) {
            keptValues.clear();
        }
        if (newest.deleted()) {
            timers.registerEventTimeTimer(newest.expiresMillis());
        }
        if (applied.identity().isPresent()) {
            identities.put(applied.identity().getAsLong(), identityExpiry);
            timers.registerEventTimeTimer(
                    Math.floorDiv(identityExpiry, MINUTE_MILLIS) * MINUTE_MILLIS + MINUTE_MILLIS + 1);
        }
        stored = newest;
        history = newest;
    }

    /**
     * Forgets the current key, which a truncation has removed and which the floor stands for from now on.
     *
     * @param expiresMillis when its tombstone is forgotten, if it needs one of its own
     */
    void remove(Floor floor, long expiresMillis, TimerService timers) throws IOException {
        KeyHistory last = stored;
        if (last == null) {
            return;
        }
        if (last.keepsValues()) {
            keptValues.clear();
        }
        if (floor.needsTombstone(last)) {
            stored = floor.over(last).expiring(expiresMillis);
            histories.update(stored);
            timers.registerEventTimeTimer(expiresMillis);
        } else {
            stored = null;
            histories.clear();
        }
        history = floor.over(stored);
    }

    /** Forgets the kept values of the current key, as {@link Sequencer#afterRefusal} says. */
    void forgetValues(KeyHistory without) throws IOException {
        histories.update(without);
        keptValues.clear();
        stored = without;
        history = without;
    }

    /** Forgets what the current key's timer was for, if it has not been replaced by something newer. */
    void forget(long timerMillis) throws Exception {
        if (Math.floorMod(timerMillis, HOUR_MILLIS) == 0) {
            KeyHistory last = histories.value();
            if (last != null && last.deleted() && last.expiresMillis() <= timerMillis) {
                histories.clear();
            }
            return;
        }
        Iterator<Map.Entry<Long, Long>> known = identities.iterator();
        while (known.hasNext()) {
            Map.Entry<Long, Long> identity = Objects.requireNonNull(known.next());
            if (identity.getValue() < timerMillis) {
                known.remove();
            }
        }
    }
}

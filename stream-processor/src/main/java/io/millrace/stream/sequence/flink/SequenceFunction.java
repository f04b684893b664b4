package io.millrace.stream.sequence.flink;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.schemas.pipeline.Lateness;
import io.millrace.schemas.pipeline.Sequencing;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.schemas.replay.RowReading;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.admit.Punctuality;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.decode.Replay;
import io.millrace.stream.sequence.Floor;
import io.millrace.stream.sequence.KeyHistory;
import io.millrace.stream.sequence.Outcome;
import io.millrace.stream.sequence.Sequencer;
import io.millrace.stream.volume.MinuteCounts;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Applies the changes of each key in the source's order, as far as they are on time.
 *
 * <p>What a change does is decided before whether it is late: one that is older than what its row holds, or came before, has
 * no effect at any time, and as a dead letter would only be work for somebody.
 */
public final class SequenceFunction extends KeyedProcessFunction<RowKey, DecodedChange, RowChange>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final EventTime eventTime;
    private final Sequencing settings;
    private final TableRoutes routes;
    private final OutputTag<DeadLetter> deadLetters;
    private final @Nullable OutputTag<MinuteCounts> minutes;
    private final TableLedger ledger = new TableLedger();
    private final TableFloors floors = new TableFloors();
    private transient Sequencer sequencer;
    private transient Punctuality punctuality;
    private transient KeyedMemory memory;
    private transient long lastEventMillis;
    private transient long watermarkMillis;

    /**
     * @param minutes where each change is counted whose order was decided; null for nowhere
     */
    @SuppressWarnings("NullAway.Init") // Flink's contract: initializeState() and open() come before anything else.
    public SequenceFunction(
            EventTime eventTime,
            Sequencing settings,
            TableRoutes routes,
            OutputTag<DeadLetter> deadLetters,
            @Nullable OutputTag<MinuteCounts> minutes) {
        this.eventTime = eventTime;
        this.settings = settings;
        this.routes = routes;
        this.deadLetters = deadLetters;
        this.minutes = minutes;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ledger.restore(context, getRuntimeContext().getMetricGroup());
        floors.restore(context);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.save();
        floors.save();
    }

    @Override
    public void open(OpenContext context) {
        sequencer = new Sequencer(settings, routes);
        punctuality = new Punctuality(eventTime);
        memory = new KeyedMemory(getRuntimeContext());
        watermarkMillis = Long.MIN_VALUE;
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("millrace");
        metrics.gauge("eventTimeLagMillis", () -> age(lastEventMillis, 0));
        metrics.gauge("watermarkLagMillis", () -> age(watermarkMillis, Long.MIN_VALUE));
    }

    private static long age(long millis, long none) {
        return millis == none ? -1L : System.currentTimeMillis() - millis;
    }

    @Override
    public void processElement(DecodedChange decoded, Context context, Collector<RowChange> out) throws Exception {
        ChangeEvent change = decoded.change();
        String table = change.key().table();
        watermarkMillis = context.timerService().currentWatermark();
        Floor floor = floors.find(table);
        memory.turnTo(change.key(), floor);
        Replay replay = decoded.replay();
        if (decoded.refused()) {
            forgetValuesBefore(change);
            return;
        }
        if (replay != null && replay.version() != null) {
            giveAgain(decoded, replay.version(), context, out);
            return;
        }
        RowReading reading = decoded.reading();
        Outcome outcome = reading == null
                ? sequencer.sequence(change, memory, decoded.large(), watermarkMillis)
                : sequencer.sequence(change, reading, memory, decoded.large(), watermarkMillis);
        if (outcome instanceof Outcome.Applied
                && replay == null
                && reading == null
                && punctuality.excessMillis(change, watermarkMillis) > 0) {
            outcome = late(outcome, decoded, context);
        }
        if (outcome instanceof Outcome.Applied applied) {
            memory.remember(applied, sequencer.identityExpiry(change, watermarkMillis), context.timerService());
            lastEventMillis = change.eventTimeMicros() / 1000;
            enter(Entry.APPLIED, decoded, context);
            out.collect(applied.change());
        } else if (outcome instanceof Outcome.Rejected rejected) {
            ledger.count(Entry.DEAD_LETTERED, table);
            forgetValuesBefore(change);
            context.output(deadLetters, decoded.refusal(rejected.code(), rejected.reason(), watermarkMillis));
        } else {
            enter(outcome instanceof Outcome.Duplicate ? Entry.DUPLICATE : Entry.SUPERSEDED, decoded, context);
            if (floor != null && floor.isAbove(memory.stored())) {
                // A run that failed may have given the row to a target before it read of the truncation.
                remove(change.key(), floor, context.timerService(), out);
            }
        }
    }

    /** Puts what has become of a change into the books and its minute, and tells whoever sent it again. */
    private void enter(Entry what, DecodedChange decoded, Context context) {
        ChangeEvent change = decoded.change();
        ledger.count(what, change.key().table());
        tell(decoded, what, context);
        if (minutes != null) {
            context.output(minutes, counted(change, what, decoded.replay() == null));
        }
    }

    /** Replays and snapshot rows do not tell how far behind the source the stream is. */
    private static MinuteCounts counted(ChangeEvent change, Entry what, boolean first) {
        long eventMillis = change.eventTimeMicros() / 1000;
        boolean tells = first && change.operation() != Operation.SNAPSHOT;
        return MinuteCounts.of(
                change.key().table(),
                eventMillis,
                change.operation(),
                what == Entry.APPLIED
                        ? MinuteCounts.Verdict.APPLIED
                        : what == Entry.DUPLICATE ? MinuteCounts.Verdict.DUPLICATE : MinuteCounts.Verdict.SUPERSEDED,
                tells ? MinuteCounts.Lag.of(System.currentTimeMillis() - eventMillis) : MinuteCounts.Lag.NONE);
    }

    /**
     * Takes note of a truncation: what is older than it has no effect from here on. Each subtask is told; one writes it into
     * the books.
     *
     * @param told takes what has become of a replayed one
     */
    void truncate(DecodedTruncation truncation, Consumer<DeadLetter> told) {
        Entry what = floors.raise(truncation.table(), new Floor(truncation.position(), truncation.eventTimeMicros()));
        if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() != 0) {
            return;
        }
        ledger.count(what, truncation.table());
        Replay replay = truncation.replay();
        if (replay != null) {
            told.accept(replay.letter().with(replay.letter().review().with(what.metric())));
        }
    }

    /** The truncations whose rows are still to be removed. */
    TableFloors floors() {
        return floors;
    }

    /** Removes the row of the current key if a truncation is newer than all that is known of it. */
    void sweep(RowKey key, Floor floor, TimerService timers, Collector<RowChange> out) throws IOException {
        memory.turnTo(key, floor);
        KeyHistory stored = memory.stored();
        if (stored == null || !floor.isAbove(stored)) {
            return;
        }
        if (stored.deleted()) {
            memory.remove(floor, sequencer.tombstoneExpiry(floor.eventTimeMicros(), watermarkMillis), timers);
        } else {
            remove(key, floor, timers, out);
        }
    }

    private void remove(RowKey key, Floor floor, TimerService timers, Collector<RowChange> out) throws IOException {
        out.collect(floor.delete(key, memory.stored()));
        memory.remove(floor, sequencer.tombstoneExpiry(floor.eventTimeMicros(), watermarkMillis), timers);
    }

    private void forgetValuesBefore(ChangeEvent refused) throws IOException {
        Optional<KeyHistory> without = Sequencer.afterRefusal(refused, memory.history());
        if (without.isPresent()) {
            memory.forgetValues(without.get());
        }
    }

    /** Says of a replay what has become of it. */
    private void tell(DecodedChange decoded, Entry what, Context context) {
        decoded.outcome(what.metric()).ifPresent(letter -> context.output(deadLetters, letter));
    }

    /**
     * Gives a change that a target had refused to the targets again, if it is still its row's newest.
     *
     * @param version the version that it had
     */
    private void giveAgain(DecodedChange decoded, long version, Context context, Collector<RowChange> out) {
        ChangeEvent change = decoded.change();
        KeyHistory history = memory.history();
        Entry what = history != null && history.version() == version ? Entry.APPLIED : Entry.SUPERSEDED;
        if (what == Entry.APPLIED) {
            Row row = change.after();
            out.collect(
                    row == null
                            ? new RowChange.Delete(change.key(), version, change.eventTimeMicros())
                            : new RowChange.Upsert(change.key(), row, version, change.eventTimeMicros()));
        }
        enter(what, decoded, context);
    }

    /** What becomes of a late change; one that has left its record behind was fresh when it came in, and is not late. */
    private Outcome late(Outcome applied, DecodedChange decoded, Context context) {
        ChangeEvent change = decoded.change();
        Lateness.Policy policy = punctuality.policy(change);
        if (policy != Lateness.Policy.APPLY && decoded.raw() == null) {
            return applied;
        }
        ledger.count(Entry.LATE, change.key().table());
        String reason = punctuality.reason(change, watermarkMillis);
        if (policy == Lateness.Policy.APPLY_AND_REPORT) {
            context.output(
                    deadLetters,
                    decoded.refusal(DeadLetterCode.LATE, reason, watermarkMillis)
                            .with(Review.REPORTED));
        }
        return policy == Lateness.Policy.DEAD_LETTER ? new Outcome.Rejected(DeadLetterCode.LATE, reason) : applied;
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<RowChange> out) throws Exception {
        memory.forget(timestamp);
    }
}

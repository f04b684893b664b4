package io.millrace.stream.sequence.flink;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.schemas.pipeline.Lateness;
import io.millrace.schemas.pipeline.Sequencing;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.LedgerLine;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.admit.Punctuality;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetters;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.sequence.Outcome;
import io.millrace.stream.sequence.Sequencer;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

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
    private final OutputTag<DeadLetter> deadLetters;
    private final TableLedger ledger = new TableLedger();
    private transient Sequencer sequencer;
    private transient Punctuality punctuality;
    private transient KeyedMemory memory;
    private transient long lastEventMillis;
    private transient long watermarkMillis;

    @SuppressWarnings("NullAway.Init") // Flink's contract: initializeState() and open() come before anything else.
    public SequenceFunction(EventTime eventTime, Sequencing settings, OutputTag<DeadLetter> deadLetters) {
        this.eventTime = eventTime;
        this.settings = settings;
        this.deadLetters = deadLetters;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ledger.restore(context, getRuntimeContext().getMetricGroup());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.save();
    }

    @Override
    public void open(OpenContext context) {
        sequencer = new Sequencer(settings);
        punctuality = new Punctuality(eventTime);
        memory = new KeyedMemory(getRuntimeContext());
        watermarkMillis = Long.MIN_VALUE;
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("millrace");
        metrics.gauge("eventTimeLagMillis", () -> age(lastEventMillis, 0));
        metrics.gauge("watermarkLagMillis", () -> age(watermarkMillis, Long.MIN_VALUE));
    }

    /** This subtask's books. */
    List<LedgerLine> ledger() {
        return ledger.lines();
    }

    private static long age(long millis, long none) {
        return millis == none ? -1L : System.currentTimeMillis() - millis;
    }

    @Override
    public void processElement(DecodedChange decoded, Context context, Collector<RowChange> out) throws Exception {
        ChangeEvent change = decoded.change();
        String table = change.key().table();
        watermarkMillis = context.timerService().currentWatermark();
        memory.turnTo(change.key());
        Outcome outcome = sequencer.sequence(change, memory, watermarkMillis);
        if (outcome instanceof Outcome.Applied && punctuality.excessMillis(change, watermarkMillis) > 0) {
            outcome = late(outcome, decoded);
        }
        if (outcome instanceof Outcome.Applied applied) {
            memory.remember(applied, sequencer.identityExpiry(change, watermarkMillis), context.timerService());
            lastEventMillis = change.eventTimeMicros() / 1000;
            ledger.count(Entry.APPLIED, table);
            out.collect(applied.change());
        } else if (outcome instanceof Outcome.Rejected rejected) {
            RawRecord raw = Objects.requireNonNull(decoded.raw(), "a change that may be refused keeps its record");
            ledger.count(Entry.DEAD_LETTERED, table);
            context.output(deadLetters, DeadLetters.ofChange(raw, change, rejected.code(), rejected.reason()));
        } else {
            ledger.count(outcome instanceof Outcome.Duplicate ? Entry.DUPLICATE : Entry.SUPERSEDED, table);
        }
    }

    /** What becomes of a late change; one that has left its record behind was fresh when it came in, and is not late. */
    private Outcome late(Outcome applied, DecodedChange decoded) {
        ChangeEvent change = decoded.change();
        boolean refuse = punctuality.policy(change) == Lateness.Policy.DEAD_LETTER;
        if (refuse && decoded.raw() == null) {
            return applied;
        }
        ledger.count(Entry.LATE, change.key().table());
        return refuse
                ? new Outcome.Rejected(DeadLetterCode.LATE, punctuality.reason(change, watermarkMillis))
                : applied;
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<RowChange> out) throws Exception {
        memory.forget(timestamp);
    }
}

package io.millrace.stream.admit.flink;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.admit.FutureGuard;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedChange;
import java.util.Objects;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Refuses changes from the future, before anybody reads time off them. */
public final class AdmitFunction extends ProcessFunction<DecodedChange, DecodedChange> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final EventTime eventTime;
    private final OutputTag<DeadLetter> deadLetters;
    private final TableLedger ledger = new TableLedger();
    private transient FutureGuard guard;

    @SuppressWarnings("NullAway.Init") // Flink's contract: initializeState() comes before anything else.
    public AdmitFunction(EventTime eventTime, OutputTag<DeadLetter> deadLetters) {
        this.eventTime = eventTime;
        this.deadLetters = deadLetters;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        guard = new FutureGuard(eventTime.maxAhead());
        ledger.restore(context, getRuntimeContext().getMetricGroup());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.save();
    }

    @Override
    public void processElement(DecodedChange decoded, Context context, Collector<DecodedChange> out) {
        ChangeEvent change = decoded.change();
        RawRecord raw = Objects.requireNonNull(decoded.raw(), "decoding leaves a change its record");
        long excess =
                guard.excessMillis(change.eventTimeMicros() / 1000, raw.arrivalMillis(), System.currentTimeMillis());
        if (excess <= 0) {
            out.collect(decoded);
            return;
        }
        ledger.count(Entry.DEAD_LETTERED, change.key().table());
        context.output(
                deadLetters,
                decoded.refusal(
                        DeadLetterCode.FUTURE_TIMESTAMP,
                        "Cannot trust the source's clock: the change was committed %d ms after it arrived. Set the clock"
                                        .formatted(excess + eventTime.maxAhead().toMillis())
                                + " right, or event-time.max-ahead to more than this",
                        context.timerService().currentWatermark()));
    }
}

package io.millrace.stream.sequence.flink;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.stream.accounting.flink.TableCounters;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetters;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.sequence.KeptValues;
import io.millrace.stream.sequence.KeyHistory;
import io.millrace.stream.sequence.Outcome;
import io.millrace.stream.sequence.Sequencer;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Applies the changes of each key in the source's order.
 *
 * <p>State, per key: the history, of 10 to 20 bytes, read and written for every change; and the kept values of large rows,
 * read only for changes that leave out values. They are apart so that large values cost nothing where they are not needed.
 */
public final class SequenceFunction extends KeyedProcessFunction<RowKey, DecodedChange, RowChange> {
    private static final long serialVersionUID = 1L;

    private final OutputTag<DeadLetter> deadLetters;
    private transient @Nullable ValueState<KeyHistory> histories;
    private transient @Nullable ValueState<KeptValues> keptValues;
    private transient @Nullable TableCounters counters;
    private transient long lastEventMillis;

    public SequenceFunction(OutputTag<DeadLetter> deadLetters) {
        this.deadLetters = deadLetters;
    }

    @Override
    public void open(OpenContext context) {
        histories = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("history", WireType.of(WireFormat.KEY_HISTORY)));
        keptValues = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("kept-values", WireType.of(WireFormat.KEPT_VALUES)));
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        counters = new TableCounters(metrics);
        metrics.addGroup("millrace")
                .gauge(
                        "eventTimeLagMillis",
                        () -> lastEventMillis == 0 ? -1L : System.currentTimeMillis() - lastEventMillis);
    }

    @Override
    public void processElement(DecodedChange decoded, Context context, Collector<RowChange> out) throws IOException {
        ValueState<KeyHistory> historyState = Objects.requireNonNull(histories);
        ChangeEvent change = decoded.change();
        String table = change.key().table();
        KeyHistory history = historyState.value();
        Outcome outcome = Sequencer.sequence(change, history, this::readKeptValues);
        if (outcome instanceof Outcome.Applied applied) {
            historyState.update(applied.history());
            if (applied.kept().isPresent()) {
                Objects.requireNonNull(keptValues).update(applied.kept().get());
            } else if (history != null && history.keepsValues()) {
                Objects.requireNonNull(keptValues).clear();
            }
            lastEventMillis = change.eventTimeMicros() / 1000;
            count("applied", table);
            out.collect(applied.change());
        } else if (outcome instanceof Outcome.Rejected rejected) {
            RawRecord raw = Objects.requireNonNull(decoded.raw(), "a change that may be refused keeps its record");
            count("dead_lettered", table);
            context.output(deadLetters, DeadLetters.ofChange(raw, change, rejected.code(), rejected.reason()));
        } else {
            count(outcome instanceof Outcome.Duplicate ? "duplicate" : "superseded", table);
        }
    }

    private @Nullable KeptValues readKeptValues() {
        try {
            return Objects.requireNonNull(keptValues).value();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read kept values from state", e);
        }
    }

    private void count(String what, String table) {
        Objects.requireNonNull(counters).count(what, table);
    }
}

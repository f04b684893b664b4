package io.millrace.stream.sequence.flink;

import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.sequence.Floor;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.SimpleTimerService;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.transformations.TwoInputTransformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sequence step with its second input: the truncations of whole tables, which every subtask is told of.
 *
 * <p>A truncation has its effect on all changes from the moment that it comes ({@link Floor}). The rows that are known are then
 * removed in slices, between which records and barriers pass, so that a table of any size holds up neither for long:
 *
 * <pre>
 * truncation ──► floor raised ──► slice ── pause ── slice ── … ──► swept
 *                     ▲                                             │
 *                     └──── restored from a checkpoint before ──────┘
 * </pre>
 *
 * <p>No order between the two is needed. A row that changes before its turn comes is newer than the truncation, and is passed over;
 * a sweep that begins anew finds only what is left.
 */
public final class SequenceOperator extends KeyedProcessOperator<RowKey, DecodedChange, RowChange>
        implements TwoInputStreamOperator<DecodedChange, DecodedTruncation, RowChange> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(SequenceOperator.class);

    /** Slices and pauses are equally long: the records that wait get half of the time. */
    private static final long SLICE_NANOS = 10_000_000;

    private static final long PAUSE_MILLIS = 10;
    private static final int KEYS_BETWEEN_LOOKS_AT_THE_CLOCK = 64;

    private final SequenceFunction function;
    private final OutputTag<DeadLetter> told;
    private transient @Nullable Sweep sweep;
    private transient boolean scheduled;
    private transient TimerService timers;
    private transient TimestampedCollector<RowChange> removed;

    /** All keys that were remembered when it began, and the truncations that it is for. */
    private record Sweep(Map<String, Floor> floors, Stream<RowKey> keys, Iterator<RowKey> next) {}

    @SuppressWarnings("NullAway.Init") // Flink's contract: open() comes before any record.
    SequenceOperator(SequenceFunction function, OutputTag<DeadLetter> told) {
        super(function);
        this.function = function;
        this.told = told;
    }

    /** Adds the step to a job. */
    public static SingleOutputStreamOperator<RowChange> add(
            KeyedStream<DecodedChange, RowKey> changes,
            DataStream<DecodedTruncation> truncations,
            SequenceFunction function,
            OutputTag<DeadLetter> told) {
        StreamExecutionEnvironment env = changes.getExecutionEnvironment();
        TwoInputTransformation<DecodedChange, DecodedTruncation, RowChange> step = new TwoInputTransformation<>(
                changes.getTransformation(),
                truncations.broadcast().getTransformation(),
                "sequence",
                SimpleOperatorFactory.of(new SequenceOperator(function, told)),
                WireType.of(WireFormat.ROW_CHANGE),
                env.getParallelism(),
                false);
        step.setStateKeySelectors(changes.getKeySelector(), null);
        step.setStateKeyType(changes.getKeyType());
        env.addOperator(step);
        return new Added(env, step);
    }

    /** Flink has no public way to a stream with side outputs of an operator with one keyed input of two. */
    private static final class Added extends SingleOutputStreamOperator<RowChange> {
        Added(StreamExecutionEnvironment env, TwoInputTransformation<?, ?, RowChange> step) {
            super(env, step);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        removed = new TimestampedCollector<>(output);
        timers = new SimpleTimerService(getInternalTimerService("user-timers", VoidNamespaceSerializer.INSTANCE, this));
        schedule();
    }

    @Override
    public void processElement1(StreamRecord<DecodedChange> change) throws Exception {
        processElement(change);
    }

    @Override
    public void processElement2(StreamRecord<DecodedTruncation> truncation) {
        function.truncate(truncation.getValue(), letter -> output.collect(told, new StreamRecord<>(letter)));
        schedule();
    }

    private void schedule() {
        if (!scheduled && (sweep != null || !function.floors().unswept().isEmpty())) {
            scheduled = true;
            getProcessingTimeService()
                    .registerTimer(getProcessingTimeService().getCurrentProcessingTime() + PAUSE_MILLIS, now -> {
                        scheduled = false;
                        sweepUntil(System.nanoTime() + SLICE_NANOS);
                        schedule();
                    });
        }
    }

    /** Goes on with the sweep, or begins one, for as long as there is time. */
    private void sweepUntil(long deadlineNanos) throws Exception {
        Sweep current = sweep == null ? begin() : sweep;
        sweep = current;
        int keys = 0;
        while (current.next().hasNext()) {
            RowKey key = current.next().next();
            Floor floor = current.floors().get(key.table());
            if (floor != null) {
                setCurrentKey(key);
                removed.eraseTimestamp();
                function.sweep(key, floor, timers, removed);
            }
            if (++keys % KEYS_BETWEEN_LOOKS_AT_THE_CLOCK == 0 && System.nanoTime() - deadlineNanos > 0) {
                return;
            }
        }
        end(current);
        function.floors().swept(current.floors());
        LOG.info(
                "Removed all rows that were older than the truncation of {}",
                current.floors().keySet());
    }

    private Sweep begin() {
        Map<String, Floor> floors = function.floors().unswept();
        KeyedStateBackend<RowKey> state = getKeyedStateBackend();
        Stream<RowKey> keys = state.getKeys(KeyedMemory.HISTORY, VoidNamespace.INSTANCE);
        if (!state.isSafeToReuseKVState()) {
            // A backend on the heap has its keys in memory anyway, and cannot be changed while it is looked through.
            keys = keys.toList().stream();
        }
        return new Sweep(floors, keys, keys.iterator());
    }

    private void end(Sweep ended) {
        ended.keys().close();
        sweep = null;
    }

    /** At the end of the input nothing is left to wait for. */
    @Override
    public void finish() throws Exception {
        while (sweep != null || !function.floors().unswept().isEmpty()) {
            sweepUntil(System.nanoTime() + SLICE_NANOS);
        }
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (sweep != null) {
            end(sweep);
        }
        super.close();
    }
}

package io.millrace.stream.model;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.admit.flink.AdmitFunction;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.flink.DecodeFunction;
import io.millrace.stream.mask.flink.TravelLight;
import io.millrace.stream.sequence.flink.SequenceFunction;
import io.millrace.stream.validate.flink.ValidateFunction;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The steps from raw record to sequenced change in Flink's operator harnesses, in any number of subtasks, with a target that
 * takes everything at a checkpoint and nothing of what a kill leaves behind.
 */
final class HarnessRun {
    private static final int MAX_PARALLELISM = 8;
    private static final Source SHOP =
            new Source("shop", Source.Format.DEBEZIUM_AVRO, Source.Transport.KINESIS, "stream", 2, null);
    private static final OutputTag<DeadLetter> REFUSED =
            new OutputTag<>("dead-letters", WireType.of(WireFormat.DEAD_LETTER));

    private final List<Delivery> deliveries;
    private final StateBackend stateBackend;
    private final Map<RowKey, Row> rows = new HashMap<>();
    private final Map<RowKey, Long> versions = new HashMap<>();
    private final Map<Integer, DeadLetterCode> letters = new TreeMap<>();
    private final Set<Integer> reports = new TreeSet<>();
    private final List<RowChange> uncommitted = new ArrayList<>();
    private final List<DeadLetter> uncommittedLetters = new ArrayList<>();
    private List<Subtask> subtasks;
    private @Nullable Checkpoint checkpoint;
    private long watermark = Long.MIN_VALUE;

    private record Checkpoint(
            OperatorSubtaskState decode,
            OperatorSubtaskState admit,
            OperatorSubtaskState validate,
            OperatorSubtaskState sequence) {}

    private record Subtask(
            OneInputStreamOperatorTestHarness<RawRecord, DecodedChange> decode,
            OneInputStreamOperatorTestHarness<DecodedChange, DecodedChange> admit,
            OneInputStreamOperatorTestHarness<DecodedChange, DecodedChange> validate,
            TravelLight travelLight,
            KeyedOneInputStreamOperatorTestHarness<RowKey, DecodedChange, RowChange> sequence) {}

    HarnessRun(List<Delivery> deliveries, StateBackend stateBackend, int parallelism) throws Exception {
        this.deliveries = deliveries;
        this.stateBackend = stateBackend;
        this.subtasks = open(parallelism);
    }

    void take(Delivery delivery, long newWatermark) throws Exception {
        advance(newWatermark);
        Subtask reader = subtasks.get(delivery.shard() % subtasks.size());
        reader.decode.processElement(Shipment.pack(delivery), delivery.arrivalMillis());
        for (DecodedChange decoded : drain(reader.decode)) {
            reader.admit.processElement(decoded, 0);
        }
        for (DecodedChange admitted : drain(reader.admit)) {
            reader.validate.processElement(admitted, 0);
        }
        for (DecodedChange valid : drain(reader.validate)) {
            DecodedChange light = reader.travelLight.map(valid);
            int owner = KeyGroupRangeAssignment.assignKeyToParallelOperator(
                    light.change().key(), MAX_PARALLELISM, subtasks.size());
            Subtask task = subtasks.get(owner);
            task.sequence.processElement(light, light.change().eventTimeMicros() / 1000);
            uncommitted.addAll(drain(task.sequence));
        }
    }

    private void advance(long newWatermark) throws Exception {
        if (newWatermark > watermark) {
            watermark = newWatermark;
            for (Subtask subtask : subtasks) {
                subtask.sequence.processWatermark(newWatermark);
            }
        }
    }

    private <T> List<T> drain(AbstractStreamOperatorTestHarness<T> harness) {
        List<T> output = new ArrayList<>();
        for (Object element : harness.getOutput()) {
            if (!(element instanceof Watermark)) {
                @SuppressWarnings("unchecked")
                StreamRecord<T> next = (StreamRecord<T>) element;
                output.add(next.getValue());
            }
        }
        harness.getOutput().clear();
        var refused = harness.getSideOutput(REFUSED);
        if (refused != null) {
            while (!refused.isEmpty()) {
                uncommittedLetters.add(Objects.requireNonNull(refused.poll()).getValue());
            }
        }
        return output;
    }

    void checkpoint(long id) throws Exception {
        List<OperatorSubtaskState> decode = new ArrayList<>();
        List<OperatorSubtaskState> admit = new ArrayList<>();
        List<OperatorSubtaskState> validate = new ArrayList<>();
        List<OperatorSubtaskState> sequence = new ArrayList<>();
        for (Subtask subtask : subtasks) {
            decode.add(subtask.decode.snapshot(id, id));
            admit.add(subtask.admit.snapshot(id, id));
            validate.add(subtask.validate.snapshot(id, id));
            sequence.add(subtask.sequence.snapshot(id, id));
        }
        checkpoint = new Checkpoint(packed(decode), packed(admit), packed(validate), packed(sequence));
        for (RowChange change : uncommitted) {
            commit(change);
        }
        uncommitted.clear();
        for (DeadLetter letter : uncommittedLetters) {
            RawRecord raw = Objects.requireNonNull(letter.raw(), "a dead letter of these steps has its record");
            if (letter.review().state() == Review.State.REPORTED) {
                reports.add(Shipment.number(raw));
            } else {
                letters.put(Shipment.number(raw), letter.code());
            }
        }
        uncommittedLetters.clear();
    }

    private void commit(RowChange change) {
        Long before = versions.put(change.key(), change.version());
        if (before != null && before >= change.version()) {
            throw new AssertionError("version " + change.version() + " of " + change.key() + " after " + before);
        }
        if (change instanceof RowChange.Upsert upsert) {
            rows.put(change.key(), upsert.row());
        } else {
            rows.remove(change.key());
        }
    }

    /** Kills all subtasks and starts others from the last checkpoint. */
    void killAndRestore(int parallelism) throws Exception {
        close();
        uncommitted.clear();
        uncommittedLetters.clear();
        watermark = Long.MIN_VALUE;
        subtasks = open(parallelism);
    }

    void close() throws Exception {
        for (Subtask subtask : subtasks) {
            subtask.decode.close();
            subtask.admit.close();
            subtask.validate.close();
            subtask.sequence.close();
        }
    }

    private List<Subtask> open(int parallelism) throws Exception {
        List<Subtask> opened = new ArrayList<>();
        Checkpoint from = checkpoint;
        for (int i = 0; i < parallelism; i++) {
            List<Delivery> known = deliveries;
            var decode = new OneInputStreamOperatorTestHarness<RawRecord, DecodedChange>(
                    new ProcessOperator<>(
                            new DecodeFunction(SHOP, source -> raw -> Shipment.unpack(raw, known), REFUSED)),
                    MAX_PARALLELISM,
                    parallelism,
                    i);
            var admit = new OneInputStreamOperatorTestHarness<DecodedChange, DecodedChange>(
                    new ProcessOperator<>(new AdmitFunction(Deliveries.EVENT_TIME, REFUSED)),
                    MAX_PARALLELISM,
                    parallelism,
                    i);
            var validate = new OneInputStreamOperatorTestHarness<DecodedChange, DecodedChange>(
                    new ProcessOperator<>(new ValidateFunction(
                            Deliveries.pipeline("file:///unused").tables(), REFUSED)),
                    MAX_PARALLELISM,
                    parallelism,
                    i);
            var sequence = new KeyedOneInputStreamOperatorTestHarness<RowKey, DecodedChange, RowChange>(
                    new KeyedProcessOperator<>(new SequenceFunction(
                            Deliveries.EVENT_TIME, Deliveries.SEQUENCING, new TableRoutes(List.of()), REFUSED, null)),
                    decoded -> decoded.change().key(),
                    WireType.of(WireFormat.ROW_KEY),
                    MAX_PARALLELISM,
                    parallelism,
                    i);
            sequence.setStateBackend(stateBackend);
            open(decode, WireType.of(WireFormat.DECODED_CHANGE), from == null ? null : from.decode, parallelism, i);
            open(admit, WireType.of(WireFormat.DECODED_CHANGE), from == null ? null : from.admit, parallelism, i);
            open(validate, WireType.of(WireFormat.DECODED_CHANGE), from == null ? null : from.validate, parallelism, i);
            open(sequence, WireType.of(WireFormat.ROW_CHANGE), from == null ? null : from.sequence, parallelism, i);
            TravelLight travelLight = new TravelLight(Deliveries.pipeline("file:///unused"));
            travelLight.open(new OpenContext() {});
            opened.add(new Subtask(decode, admit, validate, travelLight, sequence));
        }
        return opened;
    }

    private static <T> void open(
            AbstractStreamOperatorTestHarness<T> harness,
            WireType<T> output,
            @Nullable OperatorSubtaskState state,
            int parallelism,
            int subtask)
            throws Exception {
        harness.setup(output.createSerializer(new SerializerConfigImpl()));
        if (state != null) {
            // Flink's test harness counts the saved parts, and not the tasks, as the old parallelism.
            harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    state, MAX_PARALLELISM, state.getManagedOperatorState().size(), parallelism, subtask));
        }
        harness.open();
    }

    private static OperatorSubtaskState packed(List<OperatorSubtaskState> states) throws Exception {
        return AbstractStreamOperatorTestHarness.repackageState(states.toArray(new OperatorSubtaskState[0]));
    }

    Map<RowKey, Row> rows() {
        return rows;
    }

    Map<Integer, DeadLetterCode> letters() {
        return letters;
    }

    /** The numbers of the deliveries that were reported. */
    Set<Integer> reports() {
        return reports;
    }

    /** The books of all steps in the last checkpoint. */
    Map<Account, Map<Entry, Long>> books() throws Exception {
        Checkpoint last = Objects.requireNonNull(checkpoint, "no checkpoint yet");
        return Books.in(last.decode, last.admit, last.validate, last.sequence);
    }
}

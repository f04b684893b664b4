package io.millrace.stream.sequence.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.sequence.History;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SequenceFunctionTest {
    private static final int MAX_PARALLELISM = 8;
    private static final OutputTag<DeadLetter> REFUSED =
            new OutputTag<>("dead-letters", WireType.of(WireFormat.DEAD_LETTER));

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endsAsTheSourceAcrossFailuresAndRescaling(long seed) throws Exception {
        History source = new History(seed).run(500, 20);
        List<ChangeEvent> stream = source.delivered();
        Random accidents = new Random(seed);
        History.Target target = new History.Target();
        List<Harness> tasks = open(1, null);
        OperatorSubtaskState checkpoint = null;
        int checkpointed = 0;
        List<RowChange> sinceCheckpoint = new ArrayList<>();

        for (int i = 0; i < stream.size(); i++) {
            process(tasks, stream.get(i));
            sinceCheckpoint.addAll(output(tasks));
            if (accidents.nextInt(40) == 0) {
                checkpoint = snapshot(tasks, i);
                checkpointed = i + 1;
                // What is behind a checkpoint has been taken by a target that commits with it.
                sinceCheckpoint.forEach(target::apply);
                sinceCheckpoint.clear();
            } else if (checkpoint != null && accidents.nextInt(60) == 0) {
                close(tasks);
                tasks = open(1 + accidents.nextInt(3), checkpoint);
                i = checkpointed - 1;
                sinceCheckpoint.clear();
            }
        }
        sinceCheckpoint.forEach(target::apply);
        close(tasks);

        assertThat(target.rows()).isEqualTo(source.table());
    }

    @Test
    void aChangeThatCannotBeFilledInKeepsItsBytes() throws Exception {
        ChangeEvent incomplete = new History(1)
                .run(2000, 5).changes().stream()
                        .filter(change ->
                                change.after() != null && change.after().hasUnavailable())
                        .findFirst()
                        .orElseThrow();
        RawRecord raw = new RawRecord("shop", "stream", "shard-0", "42", null, 7, new byte[] {1, 2, 3});
        List<Harness> tasks = open(1, null);

        tasks.get(0).processElement(DecodedChange.of(incomplete, raw), 0);

        assertThat(tasks.get(0).getSideOutput(REFUSED))
                .singleElement()
                .extracting(StreamRecord::getValue)
                .satisfies(letter -> {
                    assertThat(letter.code()).isEqualTo(DeadLetterCode.UNAVAILABLE_VALUE);
                    assertThat(letter.key()).isEqualTo(incomplete.key());
                    assertThat(letter.raw()).isEqualTo(raw);
                });
        close(tasks);
    }

    private static void process(List<Harness> tasks, ChangeEvent change) throws Exception {
        int task = KeyGroupRangeAssignment.assignKeyToParallelOperator(change.key(), MAX_PARALLELISM, tasks.size());
        tasks.get(task).processElement(new DecodedChange(change, "shard-0", null), change.eventTimeMicros());
    }

    private static List<RowChange> output(List<Harness> tasks) {
        List<RowChange> changes = new ArrayList<>();
        for (Harness task : tasks) {
            changes.addAll(task.extractOutputValues());
            task.getOutput().clear();
        }
        return changes;
    }

    private static OperatorSubtaskState snapshot(List<Harness> tasks, long id) throws Exception {
        List<OperatorSubtaskState> states = new ArrayList<>();
        for (Harness task : tasks) {
            states.add(task.snapshot(id, id));
        }
        return AbstractStreamOperatorTestHarness.repackageState(states.toArray(new OperatorSubtaskState[0]));
    }

    private static List<Harness> open(int parallelism, @Nullable OperatorSubtaskState state) throws Exception {
        List<Harness> tasks = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            Harness task = new Harness(parallelism, i);
            task.setStateBackend(new EmbeddedRocksDBStateBackend());
            task.setup(WireType.of(WireFormat.ROW_CHANGE).createSerializer(new SerializerConfigImpl()));
            if (state != null) {
                task.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        state, MAX_PARALLELISM, MAX_PARALLELISM, parallelism, i));
            }
            task.open();
            tasks.add(task);
        }
        return tasks;
    }

    private static void close(List<Harness> tasks) throws Exception {
        for (Harness task : tasks) {
            task.close();
        }
    }

    private static final class Harness
            extends KeyedOneInputStreamOperatorTestHarness<RowKey, DecodedChange, RowChange> {
        Harness(int parallelism, int subtask) throws Exception {
            super(
                    new KeyedProcessOperator<>(new SequenceFunction(REFUSED)),
                    decoded -> decoded.change().key(),
                    WireType.of(WireFormat.ROW_KEY),
                    MAX_PARALLELISM,
                    parallelism,
                    subtask);
        }
    }
}

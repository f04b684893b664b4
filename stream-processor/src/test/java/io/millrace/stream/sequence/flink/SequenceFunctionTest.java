package io.millrace.stream.sequence.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.schemas.pipeline.Lateness;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.stream.TestPipelines;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.model.Books;
import io.millrace.stream.sequence.History;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The step on RocksDB: one seed again with {@code -Dseed=N}; more with {@code -Dseeds=100}. */
class SequenceFunctionTest {
    private static final int MAX_PARALLELISM = 8;
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final TableId TABLE = new TableId("shop", "public", "orders");
    static final RowSchema SCHEMA = new RowSchema(List.of(new Column("text", Primitive.STRING, true)));
    private static final OutputTag<DeadLetter> REFUSED =
            new OutputTag<>("dead-letters", WireType.of(WireFormat.DEAD_LETTER));

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one != null ? LongStream.of(one) : LongStream.rangeClosed(1, Integer.getInteger("seeds", 4));
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

        tasks.get(0).processElement(new DecodedChange(incomplete, "shard-0", raw), 0);

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

    @Test
    void aLateChangeKeepsItsBytesAndLeavesNoTrace() throws Exception {
        List<Harness> tasks = open(1, null);
        Harness task = tasks.get(0);
        watermark(tasks, 10 * HOUR);
        ChangeEvent late = update(50, 7 * HOUR);
        RawRecord raw = new RawRecord("shop", "stream", "shard-0", "42", null, 7, new byte[] {1, 2, 3});

        task.processElement(DecodedChange.of(late, raw), 0);
        process(tasks, update(40, 9 * HOUR));

        assertThat(task.getSideOutput(REFUSED))
                .singleElement()
                .extracting(StreamRecord::getValue)
                .satisfies(letter -> {
                    assertThat(letter.code()).isEqualTo(DeadLetterCode.LATE);
                    assertThat(letter.raw()).isEqualTo(raw);
                });
        assertThat(output(tasks)).hasSize(1);
        assertThat(books(tasks)).isEqualTo(Map.of(Entry.APPLIED, 1L, Entry.DEAD_LETTERED, 1L, Entry.LATE, 1L));
        close(tasks);
    }

    @Test
    void aLateChangeOfATableThatReportsThemIsAppliedAndReported() throws Exception {
        EventTime reporting = new EventTime(
                TestPipelines.EVENT_TIME.outOfOrderness(),
                TestPipelines.EVENT_TIME.idleness(),
                TestPipelines.EVENT_TIME.maxAhead(),
                new Lateness(Duration.ofHours(2), Lateness.Policy.APPLY_AND_REPORT),
                Map.of());
        List<Harness> tasks = open(1, null, reporting);
        watermark(tasks, 10 * HOUR);

        tasks.get(0)
                .processElement(
                        DecodedChange.of(
                                update(50, 7 * HOUR),
                                new RawRecord("shop", "stream", "shard-0", "42", null, 7, new byte[] {1})),
                        0);

        assertThat(output(tasks)).hasSize(1);
        assertThat(tasks.get(0).getSideOutput(REFUSED))
                .singleElement()
                .extracting(StreamRecord::getValue)
                .satisfies(letter -> {
                    assertThat(letter.code()).isEqualTo(DeadLetterCode.LATE);
                    assertThat(letter.review()).isEqualTo(Review.REPORTED);
                });
        assertThat(books(tasks)).isEqualTo(Map.of(Entry.APPLIED, 1L, Entry.LATE, 1L));
        close(tasks);
    }

    @Test
    void whatCameInFreshIsAppliedHoweverLongItWaitedInsideTheJob() throws Exception {
        List<Harness> tasks = open(1, null);
        watermark(tasks, 10 * HOUR);

        process(tasks, update(50, 7 * HOUR));

        assertThat(output(tasks)).hasSize(1);
        close(tasks);
    }

    @Test
    void aLateChangeThatIsOlderThanItsRowIsNoDeadLetter() throws Exception {
        List<Harness> tasks = open(1, null);
        process(tasks, update(60, 7 * HOUR));
        watermark(tasks, 10 * HOUR);

        tasks.get(0)
                .processElement(
                        DecodedChange.of(
                                update(50, 6 * HOUR),
                                new RawRecord("shop", "stream", "shard-0", "42", null, 7, new byte[] {1})),
                        0);

        assertThat(books(tasks)).isEqualTo(Map.of(Entry.APPLIED, 1L, Entry.SUPERSEDED, 1L));
        close(tasks);
    }

    @Test
    void aTombstoneOutranksOlderChangesUntilItsRetentionEndsAlsoWhenRescaled() throws Exception {
        List<Harness> tasks = open(1, null);
        process(tasks, delete(50, HOUR));
        watermark(tasks, 7 * 24 * HOUR);
        OperatorSubtaskState checkpoint = snapshot(tasks, 1);
        close(tasks);

        tasks = open(3, checkpoint);
        watermark(tasks, 7 * 24 * HOUR + HOUR - 1);
        process(tasks, update(40, HOUR));
        assertThat(output(tasks)).as("the tombstone is there").isEmpty();

        watermark(tasks, 7 * 24 * HOUR + 3 * HOUR);
        process(tasks, update(40, 7 * 24 * HOUR));
        assertThat(output(tasks)).as("the tombstone is forgotten").hasSize(1);
        close(tasks);
    }

    @Test
    void aRowThatLivesIsNeverForgotten() throws Exception {
        List<Harness> tasks = open(1, null);
        process(tasks, delete(50, HOUR));
        process(tasks, update(60, 2 * HOUR));
        output(tasks);

        watermark(tasks, 1000 * 24 * HOUR);
        process(tasks, update(55, 1000 * 24 * HOUR));

        assertThat(output(tasks)).isEmpty();
        close(tasks);
    }

    @Test
    void anOlderTombstonesTimerDoesNotEndANewerOne() throws Exception {
        List<Harness> tasks = open(1, null);
        process(tasks, delete(50, HOUR));
        process(tasks, update(60, 2 * HOUR));
        process(tasks, delete(70, 100 * HOUR));
        output(tasks);

        watermark(tasks, 7 * 24 * HOUR + 50 * HOUR);
        process(tasks, update(65, 7 * 24 * HOUR));

        assertThat(output(tasks)).isEmpty();
        close(tasks);
    }

    @Test
    void changesWithoutPositionAreRecognisedForTheWindowAlsoWhenRescaled() throws Exception {
        List<Harness> tasks = open(2, null);
        ChangeEvent first = withoutPosition("first", HOUR);
        ChangeEvent second = withoutPosition("second", HOUR);
        process(tasks, first);
        process(tasks, second);
        OperatorSubtaskState checkpoint = snapshot(tasks, 1);
        close(tasks);

        tasks = open(3, checkpoint);
        watermark(tasks, HOUR + 9 * MINUTE);
        process(tasks, first);
        assertThat(books(tasks)).isEqualTo(Map.of(Entry.APPLIED, 2L, Entry.DUPLICATE, 1L));

        watermark(tasks, HOUR + 12 * MINUTE);
        process(tasks, first);
        assertThat(books(tasks)).isEqualTo(Map.of(Entry.APPLIED, 3L, Entry.DUPLICATE, 1L));
        close(tasks);
    }

    private static ChangeEvent update(long lsn, long millis) {
        return change(Operation.UPDATE, "text", new SourcePosition(1, lsn), millis);
    }

    private static ChangeEvent withoutPosition(String text, long millis) {
        return change(Operation.UPDATE, text, null, millis);
    }

    private static ChangeEvent delete(long lsn, long millis) {
        return change(Operation.DELETE, null, new SourcePosition(1, lsn), millis);
    }

    private static ChangeEvent change(
            Operation operation, @Nullable String text, @Nullable SourcePosition position, long millis) {
        return new ChangeEvent(
                TABLE,
                RowKey.of(TABLE, List.of("1")),
                operation,
                null,
                text == null ? null : new Row(SCHEMA, new Object[] {text}),
                position,
                millis * 1000);
    }

    private static void watermark(List<Harness> tasks, long millis) throws Exception {
        for (Harness task : tasks) {
            task.processWatermark(millis);
            task.getOutput().removeIf(Watermark.class::isInstance);
        }
    }

    private static Map<Entry, Long> books(List<Harness> tasks) throws Exception {
        return Books.in(snapshot(tasks, 1_000_000)).getOrDefault(Account.of(TABLE.toString()), Map.of());
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
        return open(parallelism, state, TestPipelines.EVENT_TIME);
    }

    private static List<Harness> open(int parallelism, @Nullable OperatorSubtaskState state, EventTime eventTime)
            throws Exception {
        List<Harness> tasks = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            Harness task = new Harness(eventTime, parallelism, i);
            task.setStateBackend(new EmbeddedRocksDBStateBackend());
            task.setup(WireType.of(WireFormat.ROW_CHANGE).createSerializer(new SerializerConfigImpl()));
            if (state != null) {
                // Flink's test harness counts the saved parts, and not the tasks, as the old parallelism.
                task.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        state, MAX_PARALLELISM, state.getManagedOperatorState().size(), parallelism, i));
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
        Harness(EventTime eventTime, int parallelism, int subtask) throws Exception {
            super(
                    new KeyedProcessOperator<>(new SequenceFunction(
                            eventTime, TestPipelines.SEQUENCING, new TableRoutes(List.of()), REFUSED, null)),
                    decoded -> decoded.change().key(),
                    WireType.of(WireFormat.ROW_KEY),
                    MAX_PARALLELISM,
                    parallelism,
                    subtask);
        }
    }
}

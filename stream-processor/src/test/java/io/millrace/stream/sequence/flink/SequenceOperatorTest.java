package io.millrace.stream.sequence.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.stream.TestPipelines;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.model.Books;
import io.millrace.stream.sequence.History;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Truncations of whole tables among the changes of their rows. */
class SequenceOperatorTest {
    private static final int MAX_PARALLELISM = 8;
    private static final TableId TABLE = new TableId("shop", "public", "orders");
    private static final TableId OTHER = new TableId("shop", "public", "others");
    private static final OutputTag<DeadLetter> REFUSED =
            new OutputTag<>("dead-letters", WireType.of(WireFormat.DEAD_LETTER));

    private List<Task> tasks = List.of();

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 8);
    }

    @AfterEach
    void close() throws Exception {
        for (Task task : tasks) {
            task.close();
        }
        tasks = List.of();
    }

    @Test
    void removesOlderRowsOfItsTableAndNothingElse() throws Exception {
        open(2, null, new EmbeddedRocksDBStateBackend());
        for (long id = 1; id <= 200; id++) {
            insert(TABLE, id, id);
            insert(OTHER, id, id);
        }
        insert(TABLE, 1000, 600);
        output();

        truncate(TABLE, 500);
        sweep();

        List<RowChange> removed = output();
        assertThat(removed).hasSize(200).allSatisfy(change -> {
            assertThat(change).isInstanceOf(RowChange.Delete.class);
            assertThat(change.key().table()).isEqualTo(TABLE.toString());
            assertThat(change.version()).isEqualTo(500);
        });
        assertThat(removed)
                .extracting(change -> Long.valueOf(change.key().id()))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 200).boxed().toList());
    }

    @Test
    void whatIsOlderAndComesLaterHasNoEffect() throws Exception {
        open(2, null, new EmbeddedRocksDBStateBackend());

        truncate(TABLE, 500);
        insert(TABLE, 1, 400);
        insert(TABLE, 1, 501);
        insert(TABLE, 1, 499);
        insert(OTHER, 1, 400);

        // The first is a delete: a run before may have given the row to a target.
        assertThat(output())
                .extracting(change -> change.getClass().getSimpleName() + " " + change.key() + " " + change.version())
                .containsExactlyInAnyOrder(
                        "Delete " + key(TABLE, 1) + " 500",
                        "Upsert " + key(TABLE, 1) + " 501",
                        "Upsert " + key(OTHER, 1) + " 400");
        assertThat(books(TABLE)).isEqualTo(Map.of(Entry.APPLIED, 2L, Entry.SUPERSEDED, 2L));
    }

    @Test
    void aRowThatChangesBeforeItsTurnIsNotRemoved() throws Exception {
        open(1, null, new EmbeddedRocksDBStateBackend());
        insert(TABLE, 1, 400);
        insert(TABLE, 2, 400);
        truncate(TABLE, 500);
        insert(TABLE, 1, 501);
        output();

        sweep();

        assertThat(output()).extracting(RowChange::key).containsExactly(key(TABLE, 2));
    }

    @Test
    void truncationThatComesTwiceIsADuplicateAndAnOlderOneSuperseded() throws Exception {
        open(3, null, new EmbeddedRocksDBStateBackend());
        insert(TABLE, 1, 100);

        truncate(TABLE, 500);
        truncate(TABLE, 500);
        truncate(TABLE, 300);
        sweep();
        output();
        insert(TABLE, 2, 600);
        truncate(TABLE, 500);
        sweep();

        assertThat(output()).extracting(RowChange::key).containsExactly(key(TABLE, 2));
        assertThat(books(TABLE)).isEqualTo(Map.of(Entry.APPLIED, 3L, Entry.DUPLICATE, 2L, Entry.SUPERSEDED, 1L));
    }

    @Test
    void sweepThatACrashInterruptedIsFinishedAlsoWhenRescaled() throws Exception {
        open(1, null, new EmbeddedRocksDBStateBackend());
        for (long id = 1; id <= 300; id++) {
            insert(TABLE, id, id);
        }
        output();
        truncate(TABLE, 500);
        OperatorSubtaskState checkpoint = snapshot(1);

        open(3, checkpoint, new EmbeddedRocksDBStateBackend());
        sweep();

        assertThat(output()).hasSize(300);
        checkpoint = snapshot(2);
        open(2, checkpoint, new EmbeddedRocksDBStateBackend());
        sweep();
        assertThat(output()).as("nothing is removed twice").isEmpty();
        insert(TABLE, 1, 400);
        assertThat(output()).as("the floor is remembered").singleElement().isInstanceOf(RowChange.Delete.class);
    }

    @Test
    void aTaskThatEndsSweepsFirst() throws Exception {
        open(1, null, new HashMapStateBackend());
        insert(TABLE, 1, 100);
        output();
        truncate(TABLE, 500);

        tasks.get(0).getOperator().finish();

        assertThat(output()).singleElement().isInstanceOf(RowChange.Delete.class);
    }

    @Test
    void aRowWhoseVersionsWereAheadOfItsPositionsGoesAndComesBack() throws Exception {
        open(1, null, new EmbeddedRocksDBStateBackend());
        // Of a transaction that was open during the snapshot: its position is behind the snapshot's, its LSN is not.
        process(change(TABLE, 1, Operation.INSERT, new SourcePosition(800, 700)));
        process(change(TABLE, 1, Operation.UPDATE, new SourcePosition(800, 710)));
        process(change(TABLE, 1, Operation.UPDATE, new SourcePosition(800, 720)));
        process(change(TABLE, 1, Operation.UPDATE, new SourcePosition(800, 730)));

        truncate(TABLE, new SourcePosition(800, 801));
        sweep();
        process(change(TABLE, 1, Operation.INSERT, new SourcePosition(800, 802)));

        History.Target target = new History.Target();
        output().forEach(target::apply);
        assertThat(target.rows()).hasSize(1);
    }

    /**
     * A table that is changed and truncated at random, whose changes and truncations come from several shards, each at its
     * own pace, again and again, while tasks are killed and rescaled. One target commits with checkpoints; the other takes everything
     * at once, and, like the search index, whatever is no newer than what it has it ignores.
     */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endsAsTheSourceWhateverTheOrder(long seed) throws Exception {
        Random random = new Random(seed);
        StateBackend backend = seed % 2 == 0 ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
        Map<RowKey, Long> source = new HashMap<>();
        List<List<Object>> shards = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        long lsn = 1000;
        for (int i = 0; i < 400; i++) {
            lsn += 1 + random.nextInt(50);
            if (random.nextInt(40) == 0) {
                source.clear();
                shards.get(0).add(new DecodedTruncation(TABLE.toString(), new SourcePosition(1, lsn), lsn, null, null));
                continue;
            }
            RowKey key = key(TABLE, 1 + random.nextInt(40));
            boolean delete = source.containsKey(key) && random.nextInt(4) == 0;
            Operation operation =
                    delete ? Operation.DELETE : source.containsKey(key) ? Operation.UPDATE : Operation.INSERT;
            if (delete) {
                source.remove(key);
            } else {
                source.put(key, lsn);
            }
            shards.get(Math.floorMod(key.hashCode(), shards.size()))
                    .add(change(TABLE, Long.parseLong(key.id()), operation, new SourcePosition(1, lsn)));
        }

        Map<RowKey, RowChange> committed = new HashMap<>();
        Map<RowKey, RowChange> index = new HashMap<>();
        List<RowChange> uncommitted = new ArrayList<>();
        int[] read = new int[shards.size()];
        int[] checkpointed = read.clone();
        OperatorSubtaskState checkpoint = null;
        open(1 + random.nextInt(3), null, backend);
        long id = 0;
        while (!finished(read, shards)) {
            int shard = random.nextInt(shards.size());
            if (read[shard] < shards.get(shard).size()) {
                process(shards.get(shard).get(read[shard]++));
            }
            if (random.nextInt(10) == 0) {
                tick();
            }
            List<RowChange> output = output();
            uncommitted.addAll(output);
            output.forEach(change -> index.merge(change.key(), change, SequenceOperatorTest::newer));
            if (random.nextInt(60) == 0) {
                checkpoint = snapshot(++id);
                checkpointed = read.clone();
                uncommitted.forEach(change -> committed.put(change.key(), change));
                uncommitted.clear();
            } else if (checkpoint != null && random.nextInt(80) == 0) {
                uncommitted.clear();
                read = checkpointed.clone();
                open(1 + random.nextInt(3), checkpoint, backend);
            }
        }
        sweep();
        List<RowChange> output = output();
        uncommitted.addAll(output);
        output.forEach(change -> index.merge(change.key(), change, SequenceOperatorTest::newer));
        uncommitted.forEach(change -> committed.put(change.key(), change));

        assertThat(rows(committed)).isEqualTo(source.keySet());
        assertThat(rows(index)).isEqualTo(source.keySet());
    }

    private static RowChange newer(RowChange old, RowChange next) {
        return next.version() > old.version() ? next : old;
    }

    private static Set<RowKey> rows(Map<RowKey, RowChange> target) {
        return target.values().stream()
                .filter(RowChange.Upsert.class::isInstance)
                .map(RowChange::key)
                .collect(Collectors.toSet());
    }

    private static boolean finished(int[] read, List<List<Object>> shards) {
        for (int i = 0; i < read.length; i++) {
            if (read[i] < shards.get(i).size()) {
                return false;
            }
        }
        return true;
    }

    private void insert(TableId table, long id, long lsn) throws Exception {
        process(change(table, id, Operation.INSERT, new SourcePosition(1, lsn)));
    }

    private void truncate(TableId table, long lsn) throws Exception {
        truncate(table, new SourcePosition(1, lsn));
    }

    private void truncate(TableId table, SourcePosition position) throws Exception {
        process(new DecodedTruncation(table.toString(), position, position.offset(), null, null));
    }

    private static RowKey key(TableId table, long id) {
        return RowKey.of(table, List.of(Long.toString(id)));
    }

    private static ChangeEvent change(TableId table, long id, Operation operation, SourcePosition position) {
        Row row = operation == Operation.DELETE ? null : new Row(SequenceFunctionTest.SCHEMA, new Object[] {"text"});
        return new ChangeEvent(table, key(table, id), operation, null, row, position, position.offset());
    }

    /** A change goes to the task of its key, a truncation to all. */
    private void process(Object next) throws Exception {
        if (next instanceof DecodedTruncation truncation) {
            for (Task task : tasks) {
                task.processElement2(new StreamRecord<>(truncation));
            }
            return;
        }
        ChangeEvent change = (ChangeEvent) next;
        int owner = KeyGroupRangeAssignment.assignKeyToParallelOperator(change.key(), MAX_PARALLELISM, tasks.size());
        tasks.get(owner).processElement1(new StreamRecord<>(new DecodedChange(change, "shard-0", null), 0));
    }

    /** Lets a slice of a sweep run, if one is due. */
    private void tick() throws Exception {
        for (Task task : tasks) {
            task.setProcessingTime(task.getProcessingTime() + 10);
        }
    }

    private void sweep() throws Exception {
        for (int i = 0; i < 100; i++) {
            tick();
        }
    }

    private List<RowChange> output() {
        List<RowChange> changes = new ArrayList<>();
        for (Task task : tasks) {
            changes.addAll(task.extractOutputValues());
            task.getOutput().clear();
        }
        return changes;
    }

    private Map<Entry, Long> books(TableId table) throws Exception {
        return Books.in(snapshot(1_000_000)).getOrDefault(Account.of(table.toString()), Map.of());
    }

    private OperatorSubtaskState snapshot(long id) throws Exception {
        List<OperatorSubtaskState> states = new ArrayList<>();
        for (Task task : tasks) {
            states.add(task.snapshot(id, id));
        }
        return AbstractStreamOperatorTestHarness.repackageState(states.toArray(new OperatorSubtaskState[0]));
    }

    private void open(int parallelism, @Nullable OperatorSubtaskState state, StateBackend backend) throws Exception {
        close();
        List<Task> opened = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            Task task = new Task(parallelism, i);
            task.setStateBackend(backend);
            task.setup(WireType.of(WireFormat.ROW_CHANGE).createSerializer(new SerializerConfigImpl()));
            if (state != null) {
                task.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        state, MAX_PARALLELISM, state.getManagedOperatorState().size(), parallelism, i));
            }
            task.open();
            opened.add(task);
        }
        tasks = opened;
    }

    private static final class Task
            extends KeyedTwoInputStreamOperatorTestHarness<RowKey, DecodedChange, DecodedTruncation, RowChange> {
        Task(int parallelism, int subtask) throws Exception {
            super(
                    new SequenceOperator(
                            new SequenceFunction(
                                    TestPipelines.EVENT_TIME,
                                    TestPipelines.SEQUENCING,
                                    new TableRoutes(List.of()),
                                    REFUSED,
                                    null),
                            REFUSED),
                    decoded -> decoded.change().key(),
                    null,
                    WireType.of(WireFormat.ROW_KEY),
                    MAX_PARALLELISM,
                    parallelism,
                    subtask);
        }
    }
}

package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
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
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.mask.KeySource;
import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.replay.ReplayRequest;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.mask.ChangeMasks;
import io.millrace.stream.sequence.History;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.SinkFunction;
import org.apache.flink.streaming.api.functions.source.RichParallelSourceFunction;
import org.apache.flink.streaming.api.functions.source.SourceFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole route on a cluster, from raw records to targets, with a failure in the middle. */
@SuppressWarnings("deprecation") // The old source and sink interfaces are the shortest.
class IngestionTopologyTest {
    private static final long SEED = 11;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    /** What the tasks, which run in this JVM, share with the test. */
    private static final Map<Integer, ChangeEvent> CHANGES = new ConcurrentHashMap<>();

    private static final Map<RowKey, RowChange> INDEX = new ConcurrentHashMap<>();
    private static final Map<String, DeadLetter> LETTERS = new ConcurrentHashMap<>();
    private static final List<DeadLetter> TOLD = new CopyOnWriteArrayList<>();
    private static final List<RawRecord> REQUESTS = new CopyOnWriteArrayList<>();
    private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();
    private static final AtomicInteger OUTAGES_LEFT = new AtomicInteger();

    @TempDir
    Path directory;

    @BeforeEach
    void forget() {
        CHANGES.clear();
        INDEX.clear();
        LETTERS.clear();
        TOLD.clear();
        REQUESTS.clear();
    }

    @Test
    void everyRecordIsAppliedOrADeadLetterThoughTheJobFails() throws Exception {
        FAILURES_LEFT.set(1);
        OUTAGES_LEFT.set(2);
        History source = new History(SEED).run(4000, 100);
        List<byte[]> stream = stream(source);

        run(stream, 1, TestPipelines.orders("file://" + directory));

        assertThat(FAILURES_LEFT).hasValue(0);
        assertThat(OUTAGES_LEFT).hasValue(0);
        assertThat(rows()).as("seed %d", SEED).isEqualTo(source.table());
        assertThat(LETTERS.values()).as("seed %d", SEED).hasSize(40).allSatisfy(letter -> {
            assertThat(letter.code()).isEqualTo(DeadLetterCode.MALFORMED);
            assertThat(letter.raw()).isNotNull();
        });
    }

    /** Also those that come long before or after what they are about, twice, and with a failure behind. */
    @Test
    void truncationsEmptyTheTableOfWhatIsOlder() throws Exception {
        FAILURES_LEFT.set(1);
        History source = new History(SEED + 2).run(2000, 100);
        SourcePosition first = source.truncate();
        source.run(1500, 100);
        SourcePosition second = source.truncate();
        source.run(500, 60);
        List<byte[]> stream = stream(source);
        stream.add(stream.size() / 3, truncation(second));
        stream.add(10, truncation(first));
        stream.add(stream.size() - 10, truncation(second));

        run(stream, 1, TestPipelines.orders("file://" + directory, TableRoute.OnTruncate.APPLY));

        assertThat(FAILURES_LEFT).hasValue(0);
        assertThat(rows()).as("seed %d", SEED + 2).isEqualTo(source.table());
    }

    private static byte[] truncation(SourcePosition position) {
        return ("truncated " + position.transaction() + " " + position.offset()).getBytes(StandardCharsets.UTF_8);
    }

    /** Values that the source leaves out are filled in from masked ones, and rows keep their identity under a masked key. */
    @Test
    void maskedRowsAreTheSourceRowsMasked() throws Exception {
        FAILURES_LEFT.set(1);
        KeySource key = new KeySource("a key of at least thirty-two characters", null, null);
        Quality quality = new Quality(
                Map.of("id", Mask.HASH, "notes", Mask.HASH),
                List.of(new Rule.Matches("name", ".*[02468]", Rule.Action.REPORT)));
        Pipeline pipeline = TestPipelines.orders("file://" + directory, quality, key);
        History source = new History(SEED + 1).run(4000, 100);

        run(stream(source), 1, pipeline);

        ChangeMasks masks = new ChangeMasks(pipeline.tables(), key.open().orElseThrow());
        Map<RowKey, Row> masked = new HashMap<>();
        source.table().forEach((of, row) -> {
            ChangeEvent change = masks.mask(
                    new ChangeEvent(new TableId("shop", "public", "orders"), of, Operation.INSERT, null, row, null, 1));
            masked.put(change.key(), Objects.requireNonNull(change.after()));
        });
        assertThat(rows()).as("seed %d", SEED + 1).isEqualTo(masked);
        assertThat(LETTERS.values())
                .filteredOn(letter -> letter.code() == DeadLetterCode.RULE_BROKEN)
                .isNotEmpty()
                .allSatisfy(letter -> {
                    assertThat(letter.review()).isEqualTo(Review.REPORTED);
                    assertThat(Objects.requireNonNull(letter.key()).id()).hasSize(64);
                });
        RecordSeal seal = new RecordSeal(key.open().orElseThrow());
        assertThat(LETTERS.values())
                .filteredOn(letter -> letter.code() == DeadLetterCode.MALFORMED)
                .hasSize(40)
                .allSatisfy(letter -> {
                    assertThat(new String(Objects.requireNonNull(letter.raw()).data(), StandardCharsets.ISO_8859_1))
                            .doesNotContain("broken");
                    assertThat(new String(
                                    seal.open(Objects.requireNonNull(letter.raw()))
                                            .data(),
                                    StandardCharsets.UTF_8))
                            .startsWith("broken");
                });
    }

    /** What a rule refuses is a dead letter; the row stays as it was, and nothing of it is filled in later. */
    @Test
    void aRefusedChangeLeavesNoTrace() throws Exception {
        RowKey key = RowKey.of("shop.public.orders", List.of("1"));
        String large = "n".repeat(3000);
        CHANGES.put(0, change(key, 10, "good", large));
        CHANGES.put(1, change(key, 20, "bad", "m".repeat(3000)));
        CHANGES.put(2, change(key, 30, "good", Unavailable.INSTANCE));
        Quality quality =
                new Quality(Map.of(), List.of(new Rule.OneOf("name", List.of("good"), Rule.Action.DEAD_LETTER)));

        run(
                List.of(number(0), number(1), number(2)),
                0,
                TestPipelines.orders("file://" + directory, quality, KeySource.NONE));

        assertThat(Objects.requireNonNull(rows().get(key)).value(2)).isEqualTo(large);
        assertThat(LETTERS.values())
                .extracting(DeadLetter::code)
                .containsExactlyInAnyOrder(DeadLetterCode.RULE_BROKEN, DeadLetterCode.UNAVAILABLE_VALUE);
    }

    /** A replay is decoded, checked and masked like a record that has just come, and ends visibly. */
    @Test
    void aReplayIsAppliedOnceAndChangesNothingTwice() throws Exception {
        RowKey key = RowKey.of("shop.public.orders", List.of("1"));
        CHANGES.put(0, change(key, 10, "good", "old"));
        CHANGES.put(1, change(key, 20, "bad", "new"));
        KeySource masking = new KeySource("a key of at least thirty-two characters", null, null);
        Map<String, Mask> masks = Map.of("notes", Mask.HASH);
        Rule rule = new Rule.OneOf("name", List.of("good"), Rule.Action.DEAD_LETTER);
        run(
                List.of(number(0), number(1)),
                0,
                TestPipelines.orders("file://" + directory, new Quality(masks, List.of(rule)), masking));
        DeadLetter refused = LETTERS.values().iterator().next();
        Row before = Objects.requireNonNull(rows().get(key));
        REQUESTS.add(request(refused, ReplayRequest.Action.REPLAY));
        REQUESTS.add(request(refused, ReplayRequest.Action.REPLAY));

        run(List.of(number(0)), 0, TestPipelines.orders("file://" + directory, new Quality(masks, List.of()), masking));

        assertThat(before.value(1)).isEqualTo("good");
        assertThat(Objects.requireNonNull(rows().get(key)).value(1)).isEqualTo("bad");
        assertThat(Objects.requireNonNull(rows().get(key)).value(2))
                .isNotEqualTo("new")
                .isNotEqualTo(before.value(2));
        assertThat(TOLD)
                .filteredOn(letter -> letter.review().state() == Review.State.REPLAYED)
                .allSatisfy(letter -> {
                    assertThat(letter.id()).isEqualTo(refused.id());
                    assertThat(letter.review().by()).isEqualTo("steward");
                })
                .extracting(letter -> letter.review().outcome())
                .containsExactlyInAnyOrder("applied", "duplicate");
    }

    @Test
    void aReplayThatFailsAgainIsTheSameDeadLetterOnceMore() throws Exception {
        RowKey key = RowKey.of("shop.public.orders", List.of("1"));
        CHANGES.put(1, change(key, 20, "bad", "new"));
        Quality quality =
                new Quality(Map.of(), List.of(new Rule.OneOf("name", List.of("good"), Rule.Action.DEAD_LETTER)));
        Pipeline pipeline = TestPipelines.orders("file://" + directory, quality, KeySource.NONE);
        run(List.of(number(1)), 0, pipeline);
        DeadLetter refused = LETTERS.values().iterator().next();
        TOLD.clear();
        REQUESTS.add(request(refused, ReplayRequest.Action.REPLAY));
        REQUESTS.add(request(refused, ReplayRequest.Action.DISCARD));
        REQUESTS.add(new RawRecord("REPLAY", "orders-replay", "s", "9", null, 1, new byte[] {1, 2, 3}));

        run(List.of(), 0, pipeline);

        assertThat(TOLD).filteredOn(letter -> letter.id().equals(refused.id())).hasSize(2);
        assertThat(TOLD)
                .extracting(letter ->
                        letter.review().state() + " " + letter.review().attempt())
                .containsExactlyInAnyOrder("NEW 2", "DISCARDED 1", "NEW 1");
    }

    @Test
    void aValueThatAnotherRowHasIsRefused() throws Exception {
        RowKey one = RowKey.of("shop.public.orders", List.of("1"));
        // In the same shard, and so in this order.
        RowKey two = RowKey.of("shop.public.orders", List.of("3"));
        CHANGES.put(0, change(one, 10, "taken", "x"));
        CHANGES.put(1, change(two, 20, "taken", "x"));
        CHANGES.put(2, change(one, 30, "taken", "y"));
        Quality quality = new Quality(
                Map.of("name", Mask.REDACT),
                List.of(new Rule.UniqueInWindow("name", Duration.ofMinutes(5), Rule.Action.DEAD_LETTER)));
        KeySource key = new KeySource("a key of at least thirty-two characters", null, null);

        run(
                List.of(number(0), number(0), number(1), number(2)),
                0,
                TestPipelines.orders("file://" + directory, quality, key));

        assertThat(LETTERS.values())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason())
                        .contains("column name", "unique-in-window")
                        .doesNotContain("taken"));
        assertThat(rows()).hasSize(1);
    }

    private static RawRecord request(DeadLetter letter, ReplayRequest.Action action) {
        RawRecord raw = Objects.requireNonNull(letter.raw());
        ReplayRequest request = new ReplayRequest(
                new ReplayRequest.Head(
                        action,
                        "steward",
                        77,
                        "mended",
                        letter.id(),
                        letter.review().attempt(),
                        letter.code().name(),
                        letter.reason(),
                        letter.source(),
                        letter.table(),
                        letter.key() == null ? null : letter.key().id(),
                        null,
                        null,
                        letter.eventTimeMicros(),
                        null,
                        letter.firstSeenMicros(),
                        raw.stream(),
                        raw.shard(),
                        raw.sequence(),
                        raw.partitionKey()),
                raw.data());
        return new RawRecord("REPLAY", "orders-replay", "s", "0", null, 1, request.encode());
    }

    private static ChangeEvent change(RowKey key, long position, String name, Object notes) {
        RowSchema schema = new RowSchema(List.of(
                new Column("id", Primitive.INT64, false),
                new Column("name", Primitive.STRING, true),
                new Column("notes", Primitive.STRING, true)));
        return new ChangeEvent(
                new TableId("shop", "public", "orders"),
                key,
                Operation.UPDATE,
                null,
                new Row(schema, new Object[] {1L, name, notes}),
                new SourcePosition(position, position),
                position);
    }

    private static byte[] number(int change) {
        return Integer.toString(change).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<RowKey, Row> rows() {
        return INDEX.values().stream()
                .filter(RowChange.Upsert.class::isInstance)
                .collect(Collectors.toMap(RowChange::key, change -> ((RowChange.Upsert) change).row()));
    }

    private void run(List<byte[]> stream, int restarts, Pipeline pipeline) throws Exception {
        Configuration cluster = new Configuration();
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, restarts);
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        JobSettings.apply(env, pipeline);
        new IngestionTopology(
                        (e, from) -> from.name().equals("REPLAY")
                                ? e.addSource(new Requests(REQUESTS), WireType.of(WireFormat.RAW_RECORD))
                                : e.addSource(new ShardSource(stream), WireType.of(WireFormat.RAW_RECORD)),
                        source -> IngestionTopologyTest::decode,
                        List.of(changes -> {
                            changes.addSink(new VersionedSink()).uid("sink").name("collect");
                            return Optional.empty();
                        }),
                        letters ->
                                letters.addSink(new LetterSink()).uid("letters").name("collect dead letters"),
                        minutes -> {})
                .build(env, pipeline);
        env.execute("route");
    }

    /** The history as bytes that name a change by its number, with a broken record after every hundredth. */
    private static List<byte[]> stream(History source) {
        List<ChangeEvent> delivered = source.delivered();
        Random random = new Random(SEED);
        List<byte[]> stream = new ArrayList<>();
        for (int i = 0; i < delivered.size(); i++) {
            CHANGES.put(i, delivered.get(i));
            stream.add(number(i));
            if (i % 100 == 99 && stream.size() < 40 * 101 + 1) {
                stream.add(("broken " + random.nextInt()).getBytes(StandardCharsets.UTF_8));
            }
        }
        return stream;
    }

    private static Decoding decode(RawRecord record) {
        String text = new String(record.data(), StandardCharsets.UTF_8);
        if (text.startsWith("broken")) {
            return new Decoding.Rejected(DeadLetterCode.MALFORMED, "Cannot decode: it is broken", null, null);
        }
        if (text.startsWith("truncated")) {
            String[] position = text.split(" ");
            return new Decoding.Truncation(
                    new TableId("shop", "public", "orders"),
                    new SourcePosition(Long.parseLong(position[1]), Long.parseLong(position[2])),
                    1);
        }
        int number = Integer.parseInt(text);
        if (number > 500 && OUTAGES_LEFT.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new RegistryUnavailableException("Cannot reach registry: this is a test", null);
        }
        if (number > 3000
                && ShardSource.checkpoints.get() > 1
                && FAILURES_LEFT.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new InjectedFailure();
        }
        ChangeEvent change = CHANGES.get(number);
        return change == null ? new Decoding.Control("none") : new Decoding.Changes(List.of(change));
    }

    /** An error, as exceptions of decoders do not stop the job. */
    private static final class InjectedFailure extends Error {
        private static final long serialVersionUID = 1L;

        InjectedFailure() {
            super("injected failure");
        }
    }

    /** Each subtask reads a shard: the records of some keys, in order. It waits now and then for a checkpoint. */
    private static final class ShardSource extends RichParallelSourceFunction<RawRecord>
            implements CheckpointedFunction {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger checkpoints = new AtomicInteger();

        private final ArrayList<byte[]> records;
        private int next;
        private volatile boolean cancelled;
        private transient @Nullable ListState<Tuple2<Integer, Integer>> positions;

        ShardSource(List<byte[]> records) {
            this.records = new ArrayList<>(records);
            checkpoints.set(0);
        }

        @Override
        public void run(SourceContext<RawRecord> context) throws InterruptedException {
            while (!cancelled && next < records.size()) {
                synchronized (context.getCheckpointLock()) {
                    byte[] data = records.get(next);
                    if (Math.floorMod(shardOf(data), parallelism()) == shard()) {
                        context.collect(new RawRecord(
                                "shop",
                                "stream",
                                "shard-" + shard(),
                                Integer.toString(next),
                                null,
                                1000L + next,
                                data));
                    }
                    next++;
                    int wanted = next / 1000;
                    while (!cancelled && checkpoints.get() < wanted) {
                        context.getCheckpointLock().wait(10);
                    }
                }
            }
        }

        private int parallelism() {
            return getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        }

        private int shard() {
            return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        }

        private static int shardOf(byte[] data) {
            String text = new String(data, StandardCharsets.UTF_8);
            return text.startsWith("broken") || text.startsWith("truncated")
                    ? text.hashCode()
                    : Objects.requireNonNull(CHANGES.get(Integer.parseInt(text)))
                            .key()
                            .hashCode();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            checkpoints.incrementAndGet();
            Objects.requireNonNull(positions).update(List.of(Tuple2.of(shard(), next)));
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            ListState<Tuple2<Integer, Integer>> state = context.getOperatorStateStore()
                    .getUnionListState(new ListStateDescriptor<>("positions", Types.TUPLE(Types.INT, Types.INT)));
            positions = state;
            for (Tuple2<Integer, Integer> position : state.get()) {
                if (position.f0 == shard()) {
                    next = position.f1;
                }
            }
        }
    }

    /** The replay stream. */
    private static final class Requests implements SourceFunction<RawRecord> {
        private static final long serialVersionUID = 1L;

        private final ArrayList<byte[]> requests = new ArrayList<>();

        Requests(List<RawRecord> requests) {
            requests.forEach(request -> this.requests.add(request.data()));
        }

        @Override
        public void run(SourceContext<RawRecord> context) {
            for (byte[] data : requests) {
                synchronized (context.getCheckpointLock()) {
                    context.collect(new RawRecord("REPLAY", "orders-replay", "s", "0", null, 1, data));
                }
            }
        }

        @Override
        public void cancel() {}
    }

    /** As idempotent as the index: takes only what is newer. */
    private static final class VersionedSink implements SinkFunction<RowChange> {
        private static final long serialVersionUID = 1L;

        @Override
        public void invoke(RowChange change, Context context) {
            INDEX.merge(change.key(), change, (old, newer) -> newer.version() > old.version() ? newer : old);
        }
    }

    private static final class LetterSink implements SinkFunction<DeadLetter> {
        private static final long serialVersionUID = 1L;

        @Override
        public void invoke(DeadLetter letter, Context context) {
            LETTERS.put(letter.id(), letter);
            TOLD.add(letter);
        }
    }
}

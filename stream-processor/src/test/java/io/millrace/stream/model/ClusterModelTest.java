package io.millrace.stream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.IngestionTopology;
import io.millrace.stream.NoRecords;
import io.millrace.stream.TestJobs;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.volume.MinuteCounts;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.source.RichParallelSourceFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The plain model against the whole route on a cluster: real watermarks, real barriers, real failures at random records. Two
 * shards are read side by side, so which of two changes is superseded and which applied is not known beforehand; tables, dead
 * letters and the sum of the books are. One seed again: {@code -Dseed=N}; more: {@code -Dcluster.seeds=100}.
 */
@SuppressWarnings("deprecation") // The old source and sink interfaces are the shortest.
class ClusterModelTest {
    private static final InMemoryReporter METRICS = InMemoryReporter.create();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    /** What the tasks, which run in this JVM, share with the test. */
    private static final List<Delivery> DELIVERIES = new ArrayList<>();

    private static final ConcurrentSkipListSet<Integer> FAILURES = new ConcurrentSkipListSet<>();
    private static final AtomicLong CHECKPOINTS = new AtomicLong();
    private static final AtomicLongArray EMITTED = new AtomicLongArray(2);

    /** Not deleted, as a checkpoint that is under way may still write there after its job has ended. */
    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one != null
                ? LongStream.of(one)
                : LongStream.rangeClosed(1001, 1000 + Integer.getInteger("cluster.seeds", 6));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endsAsThePlainModel(long seed) throws Exception {
        PlainModel model = prepare(seed);

        // Planning takes its time: some seeds are enough.
        boolean countMinutes = seed % 5 == 1;
        JobClient job = start(countMinutes);
        Map<Account, Map<Entry, Long>> books;
        try {
            await("seed " + seed)
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> isAtRest(job.getJobID()));
            // The targets are a step behind the books.
            await("seed " + seed).atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(texts(Collected.rows())).isEqualTo(texts(model.rows()));
                assertThat(Collected.letters()).isEqualTo(model.letters());
                assertThat(Collected.reports()).isEqualTo(model.reports());
                if (countMinutes) {
                    assertThat(Collected.minutes().stream()
                                    .mapToLong(minute -> minute.changes() + minute.snapshotRows())
                                    .sum())
                            .isEqualTo(unitsOfMinutesThatAreOver());
                }
            });
            books = books(job.getJobID());
        } finally {
            job.cancel().get();
            await().until(() -> job.getJobStatus().get().isGloballyTerminalState());
        }

        assertThat(books.values()).as("books, seed %d: %s", seed, books).allSatisfy(ModelTest::addsUp);
        assertThat(FAILURES).as("failures left, seed %d", seed).isEmpty();
    }

    /** Rows as failures can show them. */
    private static Map<String, Object> texts(Map<RowKey, Row> rows) {
        Map<String, Object> texts = new TreeMap<>();
        rows.forEach((key, row) -> texts.put(key.table() + " " + key.id(), String.valueOf(row.value(1))));
        return texts;
    }

    /** The history, then a quiet change whose time the watermark follows, then the latecomers. */
    private static PlainModel prepare(long seed) {
        Deliveries history = new Deliveries(seed, false);
        List<Delivery> planned = history.make(1_200, 300);
        Random random = new Random(seed);
        DELIVERIES.clear();
        Collected.forget();
        FAILURES.clear();
        CHECKPOINTS.set(0);
        EMITTED.set(0, 0);
        EMITTED.set(1, 0);
        PlainModel model = new PlainModel();
        for (Delivery next : planned) {
            add(next.kind(), next.shard(), next.arrivalMillis(), next.change(), model, Long.MIN_VALUE);
        }
        for (int i = 0; i < 3; i++) {
            FAILURES.add(500 + random.nextInt(planned.size() - 550));
        }
        long end = planned.get(planned.size() - 1).arrivalMillis()
                + Duration.ofHours(3).toMillis();
        for (int shard = 0; shard < 2; shard++) {
            add(Delivery.Kind.CHANGE, shard, end, change("clock-" + shard, end, 1), model, Long.MIN_VALUE);
        }
        ShardSource.quietFrom = DELIVERIES.size();
        for (int i = 0; i < 10; i++) {
            long time = end - Duration.ofHours(1 + random.nextInt(3)).toMillis();
            add(Delivery.Kind.CHANGE, i % 2, end, change("late-" + i, time, 1), model, end - 5_000);
        }
        return model;
    }

    private static void add(
            Delivery.Kind kind,
            int shard,
            long arrival,
            @Nullable ChangeEvent change,
            PlainModel model,
            long watermark) {
        Delivery delivery = new Delivery(DELIVERIES.size(), kind, shard, arrival, change);
        DELIVERIES.add(delivery);
        model.take(delivery, watermark);
    }

    private static ChangeEvent change(String id, long millis, long lsn) {
        RowKey key = RowKey.of(Deliveries.ORDERS, List.of(id));
        Row row = new Row(Deliveries.SCHEMA, new Object[] {lsn, id});
        return new ChangeEvent(
                Deliveries.ORDERS, key, Operation.INSERT, null, row, new SourcePosition(1, lsn), millis * 1000);
    }

    /** Everything that came of minutes that are over, by its own time or in whatever minute could still take it. */
    private static long unitsOfMinutesThatAreOver() {
        long watermark = Collected.watermark();
        return DELIVERIES.stream()
                .filter(delivery -> delivery.kind() != Delivery.Kind.CONTROL)
                .mapToLong(delivery -> delivery.change() == null
                        ? delivery.arrivalMillis()
                        : delivery.change().eventTimeMicros() / 1000)
                .filter(millis -> MinuteCounts.minuteOf(millis) + MinuteCounts.MINUTE_MILLIS - 1 <= watermark)
                .count();
    }

    private JobClient start(boolean countMinutes) throws Exception {
        Configuration cluster = new Configuration();
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        cluster.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        Pipeline pipeline = Deliveries.pipeline("file://" + directory, countMinutes);
        TestJobs.applySettings(env, pipeline);
        new IngestionTopology(
                        (e, from) -> e.addSource(
                                from.name().equals("REPLAY") ? new NoRecords() : new ShardSource(),
                                WireType.of(WireFormat.RAW_RECORD)),
                        source -> ClusterModelTest::decode,
                        List.of(Collected.target()),
                        Collected.letterTarget(),
                        Collected.minuteTarget())
                .build(env, pipeline);
        return env.executeAsync("model");
    }

    private static Decoding decode(RawRecord raw) {
        int number = Shipment.number(raw);
        if (CHECKPOINTS.get() > 2 && FAILURES.remove(number)) {
            Collected.forgetWatermark();
            throw new InjectedFailure();
        }
        return Shipment.unpack(raw, DELIVERIES);
    }

    private static boolean isAtRest(JobID job) {
        return EMITTED.get(0) == DELIVERIES.size()
                && EMITTED.get(1) == DELIVERIES.size()
                && Collected.letters().keySet().stream().anyMatch(number -> number >= ShardSource.quietFrom)
                && books(job).values().stream()
                        .mapToLong(ClusterModelTest::underWay)
                        .allMatch(units -> units == 0)
                && FAILURES.isEmpty();
    }

    private static long underWay(Map<Entry, Long> account) {
        return account.getOrDefault(Entry.RECEIVED, 0L)
                - account.getOrDefault(Entry.APPLIED, 0L)
                - account.getOrDefault(Entry.SUPERSEDED, 0L)
                - account.getOrDefault(Entry.DUPLICATE, 0L)
                - account.getOrDefault(Entry.DEAD_LETTERED, 0L)
                - account.getOrDefault(Entry.CONTROL, 0L);
    }

    /** The books as the metrics of the running tasks show them. */
    private static Map<Account, Map<Entry, Long>> books(JobID job) {
        Map<Account, Map<Entry, Long>> books = new HashMap<>();
        METRICS.getMetricsByGroup().forEach((group, metrics) -> {
            List<String> scope = List.of(group.getScopeComponents());
            int source = scope.indexOf("source");
            if (source > 0 && job.toString().equals(group.getAllVariables().get("<job_id>"))) {
                String table = scope.size() > source + 3 ? scope.get(source + 3) : null;
                Map<Entry, Long> page =
                        books.computeIfAbsent(new Account(scope.get(source + 1), table), account -> new TreeMap<>());
                metrics.forEach((name, metric) -> page.merge(
                        Entry.valueOf(name.toUpperCase(Locale.ROOT)),
                        (Long) ((Gauge<?>) metric).getValue(),
                        Long::sum));
            }
        });
        return books;
    }

    /** An error, as exceptions of decoders do not stop the job. */
    private static final class InjectedFailure extends Error {
        private static final long serialVersionUID = 1L;

        InjectedFailure() {
            super("injected failure");
        }
    }

    /** Each subtask reads a shard, waits now and then for a checkpoint, and for the watermark before the latecomers. */
    private static final class ShardSource extends RichParallelSourceFunction<RawRecord>
            implements CheckpointedFunction {
        private static final long serialVersionUID = 1L;
        private static volatile int quietFrom;

        private int next;
        private volatile boolean cancelled;
        private transient @Nullable ListState<Tuple2<Integer, Integer>> positions;

        @Override
        public void run(SourceContext<RawRecord> context) throws InterruptedException {
            while (!cancelled) {
                synchronized (context.getCheckpointLock()) {
                    if (mayGoOn()) {
                        Delivery delivery = DELIVERIES.get(next);
                        if (delivery.shard() == shard()) {
                            context.collect(Shipment.pack(delivery));
                        }
                        next++;
                        EMITTED.set(shard(), next);
                        continue;
                    }
                }
                Thread.sleep(5);
            }
        }

        private boolean mayGoOn() {
            return next < DELIVERIES.size()
                    && CHECKPOINTS.get() >= Math.min(next / 150, 6)
                    && (next < quietFrom || isQuiet());
        }

        /** No failure is to come, which would take the watermark away that the latecomers are late against. */
        private static boolean isQuiet() {
            return FAILURES.isEmpty()
                    && EMITTED.get(0) >= quietFrom
                    && EMITTED.get(1) >= quietFrom
                    && Collected.watermark() >= DELIVERIES.get(quietFrom).arrivalMillis() - 6_000;
        }

        private int shard() {
            return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            if (shard() == 0) {
                CHECKPOINTS.incrementAndGet();
            }
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
            EMITTED.set(shard(), next);
        }
    }
}

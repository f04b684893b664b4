package io.millrace.stream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.source.SourceFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** An input that ends is not the end of all time, although Flink says so: who is drained goes on, and so do the other sources. */
@SuppressWarnings("deprecation") // The old source interface is the shortest.
class DrainTest {
    private static final long START = 1_700_000_040_000L;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .build());

    /** What the tasks, which run in this JVM, share with the test. */
    private static final List<Delivery> DELIVERIES = new CopyOnWriteArrayList<>();

    private static final AtomicLong CHECKPOINTS = new AtomicLong();

    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    @BeforeEach
    void forget() {
        DELIVERIES.clear();
        CHECKPOINTS.set(0);
        Collected.forget();
    }

    /** The deleted row stays deleted when its insert comes once more, nothing is late, and no minute is counted in two halves. */
    @Test
    void drainedJobGoesOnFromItsSavepointAsIfNothingHadHappened() throws Exception {
        deliver(Operation.INSERT, "deleted", 1, START);
        deliver(Operation.INSERT, "kept", 2, START + 1_000);
        deliver(Operation.DELETE, "deleted", 3, START + 2_000);
        JobClient first = start(null, new Shop(0), new Shop(Integer.MAX_VALUE));
        await().atMost(Duration.ofMinutes(1)).until(() -> rows().equals(Map.of("kept", "2")));
        // Before, a task may not have started, and there is no savepoint without it.
        await().atMost(Duration.ofMinutes(1)).until(() -> CHECKPOINTS.get() > 0);
        String savepoint = first.stopWithSavepoint(
                        true, "file://" + directory.resolve("drained"), SavepointFormatType.CANONICAL)
                .get();

        int delivered = DELIVERIES.size();
        deliver(Operation.INSERT, "deleted", 1, START);
        deliver(Operation.INSERT, "new", 4, START + 3_000);
        deliver(Operation.INSERT, "clock", 5, START + 90_000);
        JobClient second = start(savepoint, new Shop(delivered), new Shop(Integer.MAX_VALUE));
        try {
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(Collected.minutes())
                            .singleElement()
                            .satisfies(minute -> {
                                assertThat(minute.inserts()).isEqualTo(4);
                                assertThat(minute.deletes()).isEqualTo(1);
                                assertThat(minute.superseded()).isEqualTo(1);
                            }));
        } finally {
            second.cancel().get();
        }

        assertThat(rows()).isEqualTo(Map.of("kept", "2", "new", "4", "clock", "5"));
        assertThat(Collected.letters()).isEmpty();
    }

    /** The stream of replays has ended by then. */
    @Test
    void nothingIsLateBehindTheEndOfAnotherSource() throws Exception {
        deliver(Operation.INSERT, "first", 1, START);
        JobClient job = start(null, new Shop(0), new NoRecords());
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> rows().containsKey("first"));
            Thread.sleep(3 * Deliveries.EVENT_TIME.idleness().toMillis());
            deliver(Operation.INSERT, "after a silence", 2, START);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> rows().size() + Collected.letters().size() == 2);
        } finally {
            job.cancel().get();
        }

        assertThat(Collected.letters()).isEmpty();
    }

    private static Map<String, String> rows() {
        return Collected.rows().entrySet().stream()
                .collect(Collectors.toMap(
                        row -> row.getKey().id(),
                        row -> String.valueOf(row.getValue().value(0))));
    }

    private static void deliver(Operation operation, String id, long lsn, long millis) {
        RowKey key = RowKey.of(Deliveries.ORDERS, List.of(id));
        Row row = operation == Operation.DELETE ? null : new Row(Deliveries.SCHEMA, new Object[] {lsn, id});
        DELIVERIES.add(new Delivery(
                DELIVERIES.size(),
                Delivery.Kind.CHANGE,
                0,
                millis,
                new ChangeEvent(
                        Deliveries.ORDERS, key, operation, null, row, new SourcePosition(1, lsn), millis * 1000)));
    }

    private JobClient start(
            @Nullable String savepoint, SourceFunction<RawRecord> shop, SourceFunction<RawRecord> replays)
            throws Exception {
        Configuration cluster = new Configuration();
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        cluster.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        if (savepoint != null) {
            cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        Pipeline pipeline = Deliveries.pipeline("file://" + directory, true);
        TestJobs.applySettings(env, pipeline);
        new IngestionTopology(
                        (e, from) -> e.addSource(
                                from.name().equals("REPLAY") ? replays : shop, WireType.of(WireFormat.RAW_RECORD)),
                        source -> raw -> Shipment.unpack(raw, DELIVERIES),
                        List.of(Collected.target()),
                        Collected.letterTarget(),
                        Collected.minuteTarget())
                .build(env, pipeline);
        return env.executeAsync("drain");
    }

    /** Gives all deliveries from a number on as they come. */
    private static final class Shop implements SourceFunction<RawRecord>, CheckpointListener {
        private static final long serialVersionUID = 1L;

        private final int from;
        private volatile boolean cancelled;

        Shop(int from) {
            this.from = from;
        }

        @Override
        public void run(SourceContext<RawRecord> context) throws InterruptedException {
            int next = from;
            while (!cancelled) {
                if (next < DELIVERIES.size()) {
                    context.collect(Shipment.pack(DELIVERIES.get(next++)));
                } else {
                    Thread.sleep(10);
                }
            }
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) {
            CHECKPOINTS.incrementAndGet();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}

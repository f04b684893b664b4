package io.millrace.stream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.schemas.pipeline.Lateness;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.stream.IngestionTopology;
import io.millrace.stream.NoRecords;
import io.millrace.stream.TestJobs;
import io.millrace.stream.volume.MinuteCounts;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.source.RichParallelSourceFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One of two sources is away for an hour, and then sends what it has saved up, while the other one has gone on. */
@SuppressWarnings("deprecation") // The old source interface is the shortest.
class LateDataTest {
    private static final long START = 1_700_000_000_000L;
    private static final long MINUTE = 60_000;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    /** What the tasks, which run in this JVM, share with the test. */
    private static final List<Delivery> DELIVERIES = new CopyOnWriteArrayList<>();

    private static volatile int backlogFrom;
    private static volatile int backlogTo;

    private final Map<RowKey, Row> rowsOnTime = new HashMap<>();
    private final Map<RowKey, Row> rowsOfTheBacklog = new HashMap<>();

    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    @BeforeEach
    void anHourOfOutage() {
        DELIVERIES.clear();
        Collected.forget();
        for (int minute = 0; minute < 10; minute++) {
            add("branch", minute, minute, rowsOnTime);
        }
        for (int minute = 0; minute <= 85; minute++) {
            add("central", minute, minute, rowsOnTime);
        }
        backlogFrom = DELIVERIES.size();
        for (int minute = 10; minute <= 70; minute++) {
            add("branch", minute, 85, rowsOfTheBacklog);
        }
        backlogTo = DELIVERIES.size();
    }

    @Test
    void withTwoHoursAllowedEverythingIsApplied() throws Exception {
        Map<String, Long> everyMinute = new TreeMap<>();
        for (int minute = 0; minute <= 84; minute++) {
            everyMinute.put("central " + minute, 1L);
            if (minute <= 70) {
                everyMinute.put("branch " + minute, 1L);
            }
        }

        run(
                Duration.ofHours(2),
                () -> Collected.rows().size() == rowsOnTime.size() + rowsOfTheBacklog.size()
                        && minutes(MinuteCounts::inserts).equals(everyMinute));

        Map<RowKey, Row> all = new HashMap<>(rowsOnTime);
        all.putAll(rowsOfTheBacklog);
        assertThat(Collected.rows()).isEqualTo(all);
        assertThat(Collected.letters()).isEmpty();
        assertThat(minutes(MinuteCounts::inserts)).isEqualTo(everyMinute);
    }

    @Test
    void withTenMinutesAllowedTheBacklogIsInTheDeadLettersAndNothingElse() throws Exception {
        run(
                Duration.ofMinutes(10),
                () -> Collected.letters().size() == rowsOfTheBacklog.size()
                        && sum(minutes(MinuteCounts::rejected)) == rowsOfTheBacklog.size());

        assertThat(Collected.rows()).isEqualTo(rowsOnTime);
        assertThat(Collected.letters().keySet())
                .allSatisfy(number -> assertThat(number).isBetween(backlogFrom, backlogTo - 1));
        assertThat(Collected.letters().values()).containsOnly(DeadLetterCode.LATE);
        // All are in the books of the minutes, those too late for their own in the oldest one that is kept.
        Map<String, Long> refused = minutes(MinuteCounts::rejected);
        assertThat(sum(refused)).isEqualTo(rowsOfTheBacklog.size());
        assertThat(refused.entrySet().stream().filter(minute -> minute.getValue() > 0))
                .hasSize(1);
    }

    /** The branch's first minute without changes is told of, though nothing of it comes: the central's time goes on. */
    @Test
    void aTableThatFallsSilentIsTold() throws Exception {
        run(Duration.ofMinutes(10), () -> !Collected.breaches().isEmpty());

        assertThat(Collected.breaches().keySet())
                .containsExactly("volume/branch.public.orders/2023-11-14T22:23:00Z/too-few");
    }

    private static long sum(Map<String, Long> numbers) {
        return numbers.values().stream().mapToLong(Long::longValue).sum();
    }

    /** A number of each minute's, by source and minute of the test. */
    private static Map<String, Long> minutes(ToLongFunction<MinuteCounts> number) {
        Map<String, Long> numbers = new TreeMap<>();
        for (MinuteCounts minute : Collected.minutes()) {
            String source = minute.table().substring(0, minute.table().indexOf('.'));
            numbers.put(
                    source + " " + (minute.minuteMillis() - MinuteCounts.minuteOf(START)) / MINUTE,
                    number.applyAsLong(minute));
        }
        return numbers;
    }

    /** Whether the windows of the minutes, which are the last step, have the watermark of all that came on time. */
    private static boolean hourIsOver() {
        return minutes(MinuteCounts::inserts).containsKey("central 84");
    }

    private static void add(String source, int minute, int arrivalMinute, Map<RowKey, Row> rows) {
        TableId table = new TableId(source, "public", "orders");
        RowKey key = RowKey.of(table, List.of(Integer.toString(minute)));
        Row row = new Row(Deliveries.SCHEMA, new Object[] {(long) minute, source});
        rows.put(key, row);
        DELIVERIES.add(new Delivery(
                DELIVERIES.size(),
                Delivery.Kind.CHANGE,
                source.equals("central") ? 0 : 1,
                START + arrivalMinute * MINUTE,
                new ChangeEvent(
                        table,
                        key,
                        Operation.INSERT,
                        null,
                        row,
                        new SourcePosition(1, minute + 1),
                        (START + minute * MINUTE) * 1000)));
    }

    private void run(Duration allowed, Callable<Boolean> done) throws Exception {
        Configuration cluster = new Configuration();
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        cluster.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        Pipeline pipeline = pipeline(allowed);
        TestJobs.applySettings(env, pipeline);
        new IngestionTopology(
                        (e, from) -> e.addSource(
                                List.of("central", "branch").contains(from.name())
                                        ? new PlannedSource(from.name())
                                        : new NoRecords(),
                                WireType.of(WireFormat.RAW_RECORD)),
                        source -> raw -> Shipment.unpack(raw, DELIVERIES),
                        List.of(Collected.target()),
                        Collected.letterTarget(),
                        Collected.minuteTarget())
                .build(env, pipeline);
        JobClient job = env.executeAsync("late data");
        try {
            await().atMost(Duration.ofSeconds(90)).until(done);
        } finally {
            job.cancel().get();
            await().until(() -> job.getJobStatus().get().isGloballyTerminalState());
        }
    }

    private Pipeline pipeline(Duration allowed) {
        Pipeline orders = Deliveries.pipeline("file://" + directory);
        return new Pipeline(
                orders.name(),
                List.of(source("central"), source("branch")),
                new EventTime(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(5),
                        new Lateness(allowed, Lateness.Policy.DEAD_LETTER),
                        Map.of()),
                orders.sequencing(),
                orders.checkpoints(),
                List.of(new TableRoute(
                        new TableId("branch", "public", "orders"),
                        List.of("id"),
                        Map.of(),
                        null,
                        null,
                        Map.of(),
                        new Quality(
                                Map.of(),
                                List.of(new Rule.Volume(Duration.ofMinutes(5), 0.1, 10, 0, Rule.Action.DEAD_LETTER))))),
                orders.connections(),
                orders.masking());
    }

    private static Source source(String name) {
        return new Source(name, Source.Format.DEBEZIUM_AVRO, Source.Transport.KINESIS, name, 1, null);
    }

    /** Gives a source's records; those of the backlog when the others have come to the end of the hour. */
    private static final class PlannedSource extends RichParallelSourceFunction<RawRecord> {
        private static final long serialVersionUID = 1L;

        private final String source;
        private volatile boolean cancelled;

        PlannedSource(String source) {
            this.source = source;
        }

        @Override
        public void run(SourceContext<RawRecord> context) throws InterruptedException {
            boolean reads = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
            for (Delivery next : DELIVERIES) {
                if (reads && next.shard() == (source.equals("central") ? 0 : 1)) {
                    while (!cancelled && next.number() >= backlogFrom && !hourIsOver()) {
                        Thread.sleep(10);
                    }
                    synchronized (context.getCheckpointLock()) {
                        RawRecord packed = Shipment.pack(next);
                        context.collect(new RawRecord(
                                source,
                                packed.stream(),
                                packed.shard(),
                                packed.sequence(),
                                null,
                                packed.arrivalMillis(),
                                packed.data()));
                    }
                    // Slowly, so that the other source's silence is silence and not the end of everything.
                    Thread.sleep(source.equals("central") ? 40 : 0);
                }
            }
            while (!cancelled) {
                Thread.sleep(10);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}

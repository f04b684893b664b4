package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.SavepointConfigOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job ends, and the catalog refuses its last commit for longer than the commit timeout. */
class LastCommitTest {
    private static final TableIdentifier NUMBERS = TableIdentifier.of("lab", "numbers");
    private static final Duration COMMIT_TIMEOUT = Duration.ofMillis(500);

    /** As many attempts as the pauses between them leave room for. */
    private static final int ATTEMPTS = 5;

    @TempDir
    Path directory;

    private final String name = UUID.randomUUID().toString();
    private final SharedCatalog catalog = SharedCatalog.named(name);

    @BeforeEach
    void refuseEveryCommitButTheFirst() {
        catalog.createNamespace(Namespace.of("lab"), Map.of());
        catalog.faults().next(CommitFaults.after(() -> {}));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            catalog.faults().next(CommitFaults.CONFLICT);
        }
    }

    @Test
    void boundedJobIsRestartedAndCommitsItThen() throws Exception {
        JobClient job = start(300, "");

        job.getJobExecutionResult().get(2, TimeUnit.MINUTES);

        assertThat(rows()).hasSize(300);
    }

    @Test
    void drainedJobFailsAndItsSavepointStillHasItToCommit() throws Exception {
        JobClient job = start(Long.MAX_VALUE, "");
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> !rows().isEmpty());
        // Rows for the last commit.
        Thread.sleep(COMMIT_TIMEOUT.toMillis());

        assertThatThrownBy(
                        () -> job.stopWithSavepoint(true, directory.toUri() + "savepoints", SavepointFormatType.NATIVE)
                                .get(1, TimeUnit.MINUTES))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("A savepoint has been created");
        int before = rows().size();
        try (Stream<Path> savepoints = Files.list(directory.resolve("savepoints"))) {
            JobClient next = start(
                    Long.MAX_VALUE, savepoints.findFirst().orElseThrow().toUri().toString());
            await().atMost(Duration.ofMinutes(1)).until(() -> rows().size() > before);
            next.cancel().get(1, TimeUnit.MINUTES);
        }

        assertThat(rows().keySet())
                .containsExactlyInAnyOrderElementsOf(LongStream.range(0, rows().size())
                        .mapToObj(Long::toString)
                        .toList());
    }

    private Map<String, List<Object>> rows() {
        return TableReader.rows(catalog.direct().loadTable(NUMBERS));
    }

    /** Starts a job that writes numbers, and commits at its start and at its end only. */
    private JobClient start(long count, String savepoint) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 2);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.toUri() + "checkpoints");
        if (!savepoint.isEmpty()) {
            configuration.set(SavepointConfigOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        environment.enableCheckpointing(200);
        KeyIndexedUpsertSink.forChanges(new NumberReader())
                .catalog(SharedCatalog.loader(name))
                .pipeline("counting")
                .tables(List.of(new UpsertTable(NUMBERS, List.of("id"), List.of(), 2, Map.of())))
                .commitInterval(Duration.ofHours(1))
                .commitTimeout(COMMIT_TIMEOUT)
                .appendTo(environment
                        .fromSource(
                                new DataGeneratorSource<>(
                                        number -> number, count, RateLimiterStrategy.perSecond(200), Types.LONG),
                                WatermarkStrategy.noWatermarks(),
                                "numbers")
                        .uid("numbers")
                        .setParallelism(1)
                        .keyBy(number -> number));
        return environment.executeAsync();
    }

    /** Rows that are their keys. */
    private static final class NumberReader implements ChangeReader<Long, Long> {
        private static final long serialVersionUID = 1L;

        private static final Schema SCHEMA = new Schema(org.apache.iceberg.types.Types.NestedField.required(
                1, "id", org.apache.iceberg.types.Types.LongType.get()));

        @Override
        public TableIdentifier table(Long number) {
            return NUMBERS;
        }

        @Override
        public boolean isDelete(Long number) {
            return false;
        }

        @Override
        public Schema schema(Long number) {
            return SCHEMA;
        }

        @Override
        public Object value(Long number, int column) {
            return number;
        }

        @Override
        public Long keyOf(TableIdentifier table, Schema keySchema, StructLike keyValues) {
            return keyValues.get(0, Long.class);
        }
    }
}

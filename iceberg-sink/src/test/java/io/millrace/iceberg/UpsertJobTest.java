package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.SavepointConfigOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink in real jobs: RocksDB, checkpoints and savepoints, a catalog on a file system, no generic types. */
@SuppressWarnings("NullAway.Init")
class UpsertJobTest {
    private static final int KEYS = 500;
    private static final int CHANGES = 20_000;
    private static final TypeInformation<Tuple3<Long, Long, Boolean>> CHANGE =
            Types.TUPLE(Types.LONG, Types.LONG, Types.BOOLEAN);

    @TempDir
    Path directory;

    private CatalogLoader loader;

    @BeforeEach
    void openCatalog() {
        loader = CatalogLoader.ofProperties(
                "lab",
                Map.of(
                        "catalog-impl",
                        "org.apache.iceberg.hadoop.HadoopCatalog",
                        "warehouse",
                        directory + "/warehouse"));
    }

    /** A change of a counter: key, value, whether it goes. */
    private record CounterReader(String table) implements ChangeReader<Tuple3<Long, Long, Boolean>, Long> {
        private static final Schema SCHEMA = new Schema(
                org.apache.iceberg.types.Types.NestedField.required(
                        1, "id", org.apache.iceberg.types.Types.LongType.get()),
                org.apache.iceberg.types.Types.NestedField.required(
                        2, "value", org.apache.iceberg.types.Types.LongType.get()));

        @Override
        public TableIdentifier table(Tuple3<Long, Long, Boolean> change) {
            return TableIdentifier.of("lab", table);
        }

        @Override
        public boolean isDelete(Tuple3<Long, Long, Boolean> change) {
            return change.f2;
        }

        @Override
        public Schema schema(Tuple3<Long, Long, Boolean> change) {
            return SCHEMA;
        }

        @Override
        public @Nullable Object value(Tuple3<Long, Long, Boolean> change, int column) {
            return column == 0 ? change.f0 : change.f1;
        }

        @Override
        public Long keyOf(TableIdentifier table, Schema keySchema, StructLike keyValues) {
            return keyValues.get(0, Long.class);
        }
    }

    private static Tuple3<Long, Long, Boolean> change(long sequence) {
        return Tuple3.of(sequence % KEYS, sequence, sequence % 7 == 0);
    }

    /** Submits a job that writes a table, from a savepoint if one is given. */
    private JobClient start(
            String table, int version, int parallelism, double changesPerSecond, @Nullable String savepoint)
            throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.toUri() + "checkpoints/" + table);
        if (savepoint != null) {
            configuration.set(SavepointConfigOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
        environment.setMaxParallelism(12);
        environment.enableCheckpointing(200);
        environment.getConfig().disableGenericTypes();
        var source = new DataGeneratorSource<>(
                UpsertJobTest::change, CHANGES, RateLimiterStrategy.perSecond(changesPerSecond), CHANGE);
        KeyIndexedUpsertSink.forChanges(new CounterReader(table))
                .catalog(loader)
                .pipeline("counting")
                .tables(List.of(new UpsertTable(
                        TableIdentifier.of("lab", table), List.of("id"), List.of("bucket(4, id)"), version, Map.of())))
                .appendTo(environment
                        .fromSource(source, WatermarkStrategy.noWatermarks(), "changes")
                        .uid("changes")
                        .setParallelism(1)
                        .keyBy(change -> change.f0));
        return environment.executeAsync();
    }

    private static void finish(JobClient job) throws Exception {
        job.getJobExecutionResult().get(3, TimeUnit.MINUTES);
    }

    private Table load(String table) {
        return loader.load().loadTable(TableIdentifier.of("lab", table));
    }

    private int snapshots(String table) {
        int count = 0;
        Table loaded = load(table);
        for (var snapshot : loaded.snapshots()) {
            TableReader.rows(loaded, snapshot, 1);
            count++;
        }
        return count;
    }

    private void assertHoldsTheLastChangeOfEachKey(String table) {
        Map<String, List<Object>> rows = TableReader.rows(load(table));
        for (long key = 0; key < KEYS; key++) {
            long last = CHANGES - KEYS + key;
            List<Object> row = rows.get(Long.toString(key));
            if (change(last).f2) {
                assertThat(row).as("key %s", key).isNull();
            } else {
                assertThat(row).as("key %s", key).isEqualTo(List.of(key, last));
            }
        }
    }

    @Test
    void tableHoldsTheLastChangeOfEachKey() throws Exception {
        finish(start("counters", 2, 2, 10_000, null));

        assertThat(snapshots("counters")).isGreaterThan(1);
        assertHoldsTheLastChangeOfEachKey("counters");
    }

    @Test
    void jobGoesOnFromASavepointWithAnotherParallelismAndAnotherId() throws Exception {
        // Slowly, so that the changes are not over when the savepoint is taken, however busy the machine is.
        JobClient first = start("counters", 3, 2, 100, null);
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> load("counters").currentSnapshot() != null);
        String savepoint = first.stopWithSavepoint(
                        false, directory.toUri() + "savepoints", SavepointFormatType.CANONICAL)
                .get(1, TimeUnit.MINUTES);

        JobClient second = start("counters", 3, 3, 20_000, savepoint);
        finish(second);

        assertThat(second.getJobID()).isNotEqualTo(first.getJobID());
        assertThat(snapshots("counters")).isGreaterThan(1);
        assertHoldsTheLastChangeOfEachKey("counters");
    }

    @Test
    void jobWithoutStateTakesTheTableOver() throws Exception {
        finish(start("counters", 2, 2, 20_000, null));

        finish(start("counters", 2, 1, 20_000, null));

        snapshots("counters");
        assertHoldsTheLastChangeOfEachKey("counters");
    }

    @Test
    void severalJobsWriteDifferentTablesOfOneCatalog() throws Exception {
        JobClient one = start("some_counters", 2, 1, 10_000, null);
        JobClient other = start("other_counters", 3, 2, 10_000, null);
        finish(one);
        finish(other);

        assertHoldsTheLastChangeOfEachKey("some_counters");
        assertHoldsTheLastChangeOfEachKey("other_counters");
    }
}

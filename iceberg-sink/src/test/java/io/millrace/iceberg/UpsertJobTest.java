package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink in a real job: RocksDB, checkpoints, a catalog on a file system, no generic types. */
class UpsertJobTest {
    private static final TableIdentifier COUNTERS = TableIdentifier.of("lab", "counters");
    private static final int KEYS = 500;
    private static final int CHANGES = 20_000;

    @TempDir
    Path directory;

    /** A change of a counter: key, value, whether it goes. */
    private static final class CounterReader implements ChangeReader<Tuple3<Long, Long, Boolean>, Long> {
        private static final Schema SCHEMA = new Schema(
                org.apache.iceberg.types.Types.NestedField.required(
                        1, "id", org.apache.iceberg.types.Types.LongType.get()),
                org.apache.iceberg.types.Types.NestedField.required(
                        2, "value", org.apache.iceberg.types.Types.LongType.get()));

        @Override
        public TableIdentifier table(Tuple3<Long, Long, Boolean> change) {
            return COUNTERS;
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

    @Test
    void tableHoldsTheLastChangeOfEachKey() throws Exception {
        Map<String, String> properties = Map.of(
                "catalog-impl", "org.apache.iceberg.hadoop.HadoopCatalog", "warehouse", directory + "/warehouse");
        CatalogLoader loader = CatalogLoader.ofProperties("lab", properties);
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        environment.enableCheckpointing(200);
        environment.setStateBackend(new EmbeddedRocksDBStateBackend(true));
        environment.getCheckpointConfig().setCheckpointStorage("file://" + directory + "/checkpoints");
        environment.getConfig().disableGenericTypes();
        TypeInformation<Tuple3<Long, Long, Boolean>> type = Types.TUPLE(Types.LONG, Types.LONG, Types.BOOLEAN);
        var source =
                new DataGeneratorSource<>(UpsertJobTest::change, CHANGES, RateLimiterStrategy.perSecond(10_000), type);
        KeyIndexedUpsertSink.forChanges(new CounterReader())
                .catalog(loader)
                .pipeline("counting")
                .tables(List.of(new UpsertTable(COUNTERS, List.of("id"), List.of("bucket(4, id)"), 2, Map.of())))
                .appendTo(environment
                        .fromSource(source, WatermarkStrategy.noWatermarks(), "changes")
                        .setParallelism(1)
                        .keyBy(change -> change.f0));
        environment.execute();

        Catalog catalog = loader.load();
        Table table = catalog.loadTable(COUNTERS);
        int snapshots = 0;
        for (var snapshot : table.snapshots()) {
            TableReader.rows(table, snapshot, 1);
            snapshots++;
        }
        assertThat(snapshots).isGreaterThan(1);
        Map<String, List<Object>> rows = TableReader.rows(table);
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
}

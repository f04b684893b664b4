package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tables that are made while the sink runs, and that it was not told of. */
class TableDiscoveryTest {
    private static final long SEED = 9;
    private static final TableIdentifier LATE = TableIdentifier.of("shop", "late_orders");
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "value", Types.StringType.get()));

    private final String name = UUID.randomUUID().toString();

    /** Knows late tables by their names, and their keys by a property. */
    private static final class LateTables implements TableDiscovery {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean mayBe(TableIdentifier table) {
            return table.name().startsWith("late_");
        }

        @Override
        public @Nullable UpsertTable define(TableIdentifier table, Map<String, String> properties) {
            String key = properties.get("key");
            return key == null ? null : new UpsertTable(table, List.of(key), List.of(), 2, Map.of());
        }
    }

    @Test
    void tableIsFoundWithItsFirstChange() throws Exception {
        try (SinkHarness sink = sink(2, null)) {
            sink.process(upsert(1, "unknown yet"));
            assertThat(sink.rejections()).containsExactly(Rejection.Reason.UNKNOWN_TABLE);
            sink.process(new Change(LATE, "1", null, null));
            make();
            sink.process(upsert(1, "a"));
            sink.process(upsert(2, "b"));
            sink.commit();
            sink.process(upsert(1, "c"));
            sink.process(new Change(LATE, "2", null, null));
            sink.commit();

            assertThat(rows()).isEqualTo(Map.of("1", Arrays.asList(1L, "c")));
            assertThat(sink.rejections()).hasSize(1);
        }
    }

    /** Subtasks meet the table at different times, the job is restored, rescaled, and started without state. */
    @Test
    void everySnapshotIsRightWhoeverMeetsTheTableWhen() throws Exception {
        Random random = new Random(SEED);
        Map<String, List<Object>> expected = new TreeMap<>();
        SinkHarness sink = sink(3, null);
        make();
        SinkHarness.@Nullable Checkpoint last = null;
        for (int round = 0; round < 24; round++) {
            // At first few keys, and so few subtasks.
            int keys = 1 + round * 4;
            for (int i = 0; i < 12; i++) {
                long id = random.nextInt(keys);
                if (random.nextInt(5) == 0) {
                    sink.process(new Change(LATE, String.valueOf(id), null, null));
                    expected.remove(String.valueOf(id));
                } else {
                    String value = "v" + round + "." + i;
                    sink.process(upsert(id, value));
                    expected.put(String.valueOf(id), Arrays.asList(id, value));
                }
            }
            SinkHarness.Checkpoint checkpoint = sink.checkpoint();
            boolean crash = random.nextInt(4) == 0;
            if (!crash || random.nextBoolean()) {
                sink.complete(checkpoint);
            }
            last = checkpoint;
            if (crash) {
                sink.close();
                sink = sink(1 + random.nextInt(4), random.nextInt(4) == 0 && rows().equals(expected) ? null : last);
            }
            sink.commit();
            assertThat(rows()).as("round %d, seed %d", round, SEED).isEqualTo(expected);
        }
        sink.close();
    }

    private SinkHarness sink(int parallelism, SinkHarness.@Nullable Checkpoint from) throws Exception {
        return new SinkHarness(
                SharedCatalog.loader(name),
                List.of(),
                new LateTables(),
                parallelism,
                from,
                64L << 20,
                "test",
                Duration.ZERO);
    }

    private void make() {
        try (SchemaGate gate = new SchemaGate(SharedCatalog.loader(name))) {
            gate.admit(new UpsertTable(LATE, List.of("id"), List.of(), 2, Map.of("key", "id")), SCHEMA);
        }
    }

    private static Change upsert(long id, String value) {
        return new Change(LATE, String.valueOf(id), SCHEMA, Arrays.asList(id, value));
    }

    private Map<String, List<Object>> rows() {
        Table table = SharedCatalog.named(name).direct().loadTable(LATE);
        return table.currentSnapshot() == null ? Map.of() : TableReader.rows(table);
    }
}

package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Two runs of one pipeline at once, which nobody should start: the later commit fails, and nothing is lost silently. */
class OtherRunsTest {
    private static final TableIdentifier ORDERS = TableIdentifier.of("shop", "orders");
    private static final Schema SCHEMA = new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
    private static final List<UpsertTable> TABLES =
            List.of(new UpsertTable(ORDERS, List.of("id"), List.of(), 2, Map.of()));

    private final String name = UUID.randomUUID().toString();

    private static Change upsert(long id) {
        return new Change(ORDERS, Long.toString(id), SCHEMA, Arrays.asList(id));
    }

    private SinkHarness start(SinkHarness.Checkpoint from) throws Exception {
        return new SinkHarness(SharedCatalog.loader(name), TABLES, 1, from, 64L << 20);
    }

    @Test
    void commitOfAnOldRunThatLandsAfterTheNewOneHasStartedIsNoticed() throws Exception {
        try (SinkHarness old = new SinkHarness(SharedCatalog.loader(name), TABLES, 1)) {
            old.process(upsert(1));
            old.commit();
            try (SinkHarness young = new SinkHarness(SharedCatalog.loader(name), TABLES, 1)) {
                old.process(upsert(2));
                old.commit();
                young.process(upsert(2));

                assertThatThrownBy(young::commit).hasStackTraceContaining("Another job writes under the same pipeline");
            }
        }
        assertThat(TableReader.rows(SharedCatalog.named(name).direct().loadTable(ORDERS)))
                .containsOnlyKeys("1", "2");
    }

    @Test
    void twoRunsFromOneCheckpointDoNotTakeEachOthersEpochsForTheirOwn() throws Exception {
        SinkHarness.Checkpoint common;
        try (SinkHarness first = new SinkHarness(SharedCatalog.loader(name), TABLES, 1)) {
            first.process(upsert(1));
            common = first.commit();
        }
        try (SinkHarness one = start(common);
                SinkHarness other = start(common)) {
            one.process(upsert(2));
            one.commit();
            other.process(upsert(3));

            assertThatThrownBy(other::commit).hasStackTraceContaining("Another job writes under the same pipeline");
        }
    }
}

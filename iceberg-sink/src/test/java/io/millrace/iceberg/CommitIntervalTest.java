package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints more often than commits: what waits is neither lost nor seen half, whatever happens meanwhile. */
@SuppressWarnings("NullAway.Init")
class CommitIntervalTest {
    private static final TableIdentifier ORDERS = TableIdentifier.of("shop", "orders");
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "note", Types.StringType.get()));

    private final String name = UUID.randomUUID().toString();
    private final SharedCatalog catalog = SharedCatalog.named(name);
    private SinkHarness sink;

    private void start(int version, SinkHarness.@Nullable Checkpoint from, Duration interval) throws Exception {
        UpsertTable table = new UpsertTable(ORDERS, List.of("id"), List.of(), version, Map.of());
        sink = new SinkHarness(SharedCatalog.loader(name), List.of(table), 2, from, 64L << 20, "test", interval);
    }

    @AfterEach
    void stop() throws Exception {
        sink.close();
    }

    private void upsert(long id, String note) throws Exception {
        sink.process(new Change(ORDERS, Long.toString(id), SCHEMA, Arrays.asList(id, note)));
    }

    private void delete(long id) throws Exception {
        sink.process(new Change(ORDERS, Long.toString(id), null, null));
    }

    private Table table() {
        return catalog.direct().loadTable(ORDERS);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void checkpointsWithinTheIntervalMakeNoSnapshot(int version) throws Exception {
        start(version, null, Duration.ofHours(1));
        upsert(1, "a");
        sink.commit();
        upsert(1, "b");
        sink.commit();
        delete(1);
        upsert(2, "c");
        sink.commit();

        assertThat(table().snapshots()).hasSize(1);
        assertThat(TableReader.rows(table())).isEqualTo(Map.of("1", List.of(1L, "a")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void whatWaitsLandsInOneSnapshotAfterACrash(int version) throws Exception {
        start(version, null, Duration.ofHours(1));
        upsert(1, "a");
        sink.commit();
        upsert(1, "b");
        upsert(3, "x");
        sink.commit();
        delete(3);
        upsert(2, "c");
        SinkHarness.Checkpoint last = sink.commit();
        sink.close();

        start(version, last, Duration.ofHours(1));

        assertThat(table().snapshots()).hasSize(2);
        assertThat(TableReader.rows(table())).isEqualTo(Map.of("1", List.of(1L, "b"), "2", List.of(2L, "c")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void rewriteWhileCheckpointsWaitLosesNoDelete(int version) throws Exception {
        start(version, null, Duration.ofHours(1));
        for (long id = 0; id < 20; id++) {
            upsert(id, "a");
        }
        sink.commit();
        upsert(3, "b");
        delete(4);
        sink.commit();
        Compaction.all(table());
        upsert(3, "c");
        delete(5);
        SinkHarness.Checkpoint last = sink.commit();
        sink.close();

        start(version, last, Duration.ZERO);
        upsert(4, "again");
        sink.commit();

        Map<String, List<Object>> rows = TableReader.rows(table());
        assertThat(rows)
                .hasSize(19)
                .doesNotContainKey("5")
                .containsEntry("3", List.of(3L, "c"))
                .containsEntry("4", List.of(4L, "again"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void endOfInputDoesNotWait(int version) throws Exception {
        start(version, null, Duration.ofHours(1));
        upsert(1, "a");
        sink.commit();
        upsert(1, "b");
        sink.finish();
        sink.commit();

        assertThat(TableReader.rows(table())).isEqualTo(Map.of("1", List.of(1L, "b")));
    }
}

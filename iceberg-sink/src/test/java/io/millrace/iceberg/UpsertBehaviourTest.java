package io.millrace.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reader sees after changes, crashes and other engines' work, one act per test. */
@SuppressWarnings("NullAway.Init")
class UpsertBehaviourTest {
    private static final TableIdentifier ORDERS = TableIdentifier.of("shop", "orders");
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "region", Types.StringType.get()),
            Types.NestedField.optional(3, "note", Types.StringType.get()));

    private final String name = UUID.randomUUID().toString();
    private final SharedCatalog catalog = SharedCatalog.named(name);
    private SinkHarness sink;

    private List<UpsertTable> tables(int version) {
        return List.of(new UpsertTable(ORDERS, List.of("id"), List.of("region"), version, Map.of()));
    }

    private void start(int version) throws Exception {
        sink = new SinkHarness(SharedCatalog.loader(name), tables(version), 2);
    }

    private void restart(int version, SinkHarness.@Nullable Checkpoint from, int parallelism) throws Exception {
        sink.close();
        sink = new SinkHarness(SharedCatalog.loader(name), tables(version), parallelism, from, 64L << 20);
    }

    @AfterEach
    void stop() throws Exception {
        sink.close();
    }

    private void upsert(long id, String region, String note) throws Exception {
        sink.process(new Change(ORDERS, Long.toString(id), SCHEMA, Arrays.asList(id, region, note)));
    }

    private void delete(long id) throws Exception {
        sink.process(new Change(ORDERS, Long.toString(id), null, null));
    }

    private Table table() {
        return catalog.direct().loadTable(ORDERS);
    }

    /** Others replace every file, and forget the snapshots that had them. */
    private void rewriteAndExpire() {
        Compaction.all(table());
        expire();
    }

    private void expire() {
        table().expireSnapshots()
                .expireOlderThan(System.currentTimeMillis() + 1000)
                .retainLast(1)
                .commit();
    }

    private Map<String, List<Object>> rows() {
        return TableReader.rows(table());
    }

    private long snapshots() {
        Table table = table();
        long count = 0;
        for (var snapshot : table.snapshots()) {
            TableReader.rows(table, snapshot, 1);
            count++;
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void updateReplacesTheRow(int version) throws Exception {
        start(version);
        upsert(1, "eu", "first");
        sink.commit();

        upsert(1, "eu", "second");
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, "eu", "second")));
    }

    /** The hazard: deletes of several data files in one file, of which only some are replaced later. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void expiredSnapshotsTakeNoLiveDeletesWithThem(int version) throws Exception {
        start(version);
        for (long id = 1; id <= 4; id++) {
            upsert(id, "eu", "first");
            upsert(10 + id, "us", "first");
        }
        sink.commit();
        delete(1);
        delete(11);
        sink.commit();
        delete(2);
        sink.commit();
        upsert(5, "eu", "last");
        sink.commit();

        expire();

        assertThat(rows().keySet()).containsExactlyInAnyOrder("3", "4", "5", "12", "13", "14");
        assertThat(snapshots()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void movingToAnotherPartitionLeavesNoStaleRow(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        sink.commit();

        upsert(1, "us", "a");
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, "us", "a")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void deleteTakesTheRowAway(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        upsert(2, "eu", "b");
        sink.commit();

        delete(1);
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("2", List.of(2L, "eu", "b")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void insertThenDeleteInOneCheckpointLeavesNothing(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        delete(1);
        upsert(2, "eu", "b");
        sink.commit();

        assertThat(rows()).containsOnlyKeys("2");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void deleteThenInsertKeepsTheNewRow(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        sink.commit();

        delete(1);
        upsert(1, "us", "b");
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, "us", "b")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void oneKeyManyTimesInOneCheckpointKeepsTheLastRow(int version) throws Exception {
        sink = new SinkHarness(SharedCatalog.loader(name), tables(version), 2, null, 1);
        for (int i = 0; i < 10; i++) {
            upsert(1, i % 2 == 0 ? "eu" : "us", "v" + i);
            upsert(2, "eu", "v" + i);
        }
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, "us", "v9"), "2", List.of(2L, "eu", "v9")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void checkpointWithoutChangesMakesNoSnapshot(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        sink.commit();
        sink.commit();
        delete(99);
        sink.commit();

        assertThat(snapshots()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void abortedCheckpointLandsWithTheNext(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        sink.checkpoint();
        upsert(1, "eu", "b");
        upsert(2, "eu", "b");

        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, "eu", "b"), "2", List.of(2L, "eu", "b")));
        assertThat(snapshots()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void crashBeforeTheCheckpointForgetsItsWork(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        SinkHarness.Checkpoint first = sink.commit();
        upsert(1, "eu", "lost");
        sink.checkpoint();

        restart(version, first, 2);
        upsert(1, "eu", "again");
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, "eu", "again")));
        assertThat(snapshots()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void crashBetweenCheckpointAndCommitIsMadeUpFor(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        sink.commit();
        upsert(1, "us", "b");
        SinkHarness.Checkpoint second = sink.checkpoint();

        restart(version, second, 2);

        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, "us", "b")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void crashAfterTheCommitDoesNotCommitAgain(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        SinkHarness.Checkpoint first = sink.checkpoint();
        sink.complete(first);

        restart(version, first, 2);
        upsert(1, "us", "b");
        sink.commit();

        assertThat(snapshots()).isEqualTo(2);
        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, "us", "b")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void commitWhoseResponseIsLostLandsOnce(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        catalog.faults().next(CommitFaults.RESPONSE_LOST);
        sink.commit();
        upsert(1, "us", "b");
        catalog.faults().next(CommitFaults.REQUEST_LOST);
        catalog.faults().next(CommitFaults.CONFLICT);
        sink.commit();

        assertThat(snapshots()).isEqualTo(2);
        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, "us", "b")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void commitThatTheCatalogsClientRepeatsByItselfLandsOnce(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        sink.commit();
        upsert(1, "us", "b");
        catalog.faults().next(CommitFaults.ASKED_AGAIN);
        sink.commit();
        upsert(2, "us", "c");
        catalog.faults().next(CommitFaults.ASKED_AGAIN.andThen(this::rewriteAndExpire));
        sink.commit();
        delete(1);
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("2", List.of(2L, "us", "c")));
        assertThat(sink.commits()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void catalogThatIsAwayAtACheckpointDoesNotFailTheJob(int version) throws Exception {
        start(version);
        for (long id = 0; id < 10; id++) {
            upsert(id, "eu", "a");
        }
        sink.commit();
        Compaction.all(table());
        catalog.faults().away(true);
        upsert(3, "eu", "b");
        SinkHarness.Checkpoint blind = sink.checkpoint();
        catalog.faults().away(false);
        sink.complete(blind);
        delete(3);
        upsert(4, "us", "c");
        sink.commit();

        assertThat(rows()).hasSize(9).doesNotContainKey("3").containsEntry("4", List.of(4L, "us", "c"));
        snapshots();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void lostResponseIsUnderstoodThoughTheSnapshotHasExpired(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        catalog.faults().next(CommitFaults.RESPONSE_LOST.andThen(this::rewriteAndExpire));
        sink.commit();
        upsert(1, "us", "b");
        sink.commit();

        assertThat(rows()).isEqualTo(Map.of("1", List.of(1L, "us", "b")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void rowsAreFoundAgainAfterARewrite(int version) throws Exception {
        start(version);
        for (long id = 0; id < 20; id++) {
            upsert(id, id % 2 == 0 ? "eu" : "us", "a");
        }
        sink.commit();
        Compaction.all(table());
        upsert(3, "eu", "b");
        delete(4);
        sink.commit();
        upsert(5, "eu", "c");
        delete(6);
        sink.commit();

        assertThat(rows()).hasSize(18).doesNotContainKeys("4", "6").containsEntry("5", List.of(5L, "eu", "c"));
        snapshots();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void rewriteAtTheLastMomentOfACommitLosesNoDelete(int version) throws Exception {
        start(version);
        for (long id = 0; id < 20; id++) {
            upsert(id, "eu", "a");
        }
        sink.commit();
        upsert(3, "us", "b");
        delete(4);
        catalog.faults().next(CommitFaults.after(() -> Compaction.all(table())));
        sink.commit();
        delete(3);
        upsert(4, "eu", "d");
        sink.commit();

        assertThat(rows()).hasSize(19).doesNotContainKey("3").containsEntry("4", List.of(4L, "eu", "d"));
        snapshots();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void rewriteBetweenCheckpointAndCommitWhoseFilesAreGoneLosesNoDelete(int version) throws Exception {
        start(version);
        for (long id = 0; id < 20; id++) {
            upsert(id, "eu", "a");
        }
        sink.commit();
        upsert(3, "us", "b");
        SinkHarness.Checkpoint pending = sink.checkpoint();
        rewriteAndExpire();
        sink.complete(pending);
        upsert(5, "us", "c");
        sink.commit();

        assertThat(rows())
                .hasSize(20)
                .containsEntry("3", List.of(3L, "us", "b"))
                .containsEntry("5", List.of(5L, "us", "c"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void rescalingKeepsTheIndex(int version) throws Exception {
        start(version);
        for (long id = 0; id < 50; id++) {
            upsert(id, "eu", "a");
        }
        SinkHarness.Checkpoint savepoint = sink.commit();
        restart(version, savepoint, 5);
        for (long id = 0; id < 50; id += 2) {
            upsert(id, "us", "b");
        }
        SinkHarness.Checkpoint wide = sink.commit();
        restart(version, wide, 1);
        for (long id = 0; id < 50; id += 3) {
            delete(id);
        }
        sink.commit();

        assertThat(rows()).hasSize(33).containsEntry("2", List.of(2L, "us", "b"));
        snapshots();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void jobWithoutStateFindsTheRowsInTheTable(int version) throws Exception {
        start(version);
        for (long id = 0; id < 20; id++) {
            upsert(id, "eu", "a");
        }
        sink.commit();
        upsert(3, "us", "b");
        sink.commit();

        restart(version, null, 3);
        upsert(3, "eu", "c");
        delete(4);
        sink.commit();

        assertThat(rows()).hasSize(19).containsEntry("3", List.of(3L, "eu", "c"));
        snapshots();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void jobTakenBackToAnOldCheckpointRepeatsItsChangesWithoutDuplicates(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        SinkHarness.Checkpoint old = sink.commit();
        for (long id = 1; id < 20; id++) {
            upsert(id, "us", "b");
            sink.commit();
        }

        restart(version, old, 2);
        for (long id = 1; id < 20; id++) {
            upsert(id, "us", "b");
        }
        sink.commit();

        assertThat(rows()).hasSize(19);
        snapshots();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void endOfInputIsCommittedWithTheLastCheckpoint(int version) throws Exception {
        start(version);
        upsert(1, "eu", "a");
        sink.finish();
        sink.commit();

        assertThat(rows()).containsOnlyKeys("1");
    }

    @Test
    void deleteFilesOfAPartitionStayFew() throws Exception {
        start(2);
        for (long id = 0; id < 200; id++) {
            upsert(id, "eu", "a");
        }
        sink.commit();
        for (long id = 0; id < 60; id++) {
            upsert(id, "eu", "b");
            sink.commit();
        }

        Table table = table();
        long deleteFiles = 0;
        for (var manifest : table.currentSnapshot().deleteManifests(table.io())) {
            deleteFiles += manifest.addedFilesCount() + manifest.existingFilesCount();
        }
        assertThat(deleteFiles).isLessThanOrEqualTo(6);
        assertThat(rows()).hasSize(200);
    }

    @Test
    void secondJobUnderTheSameNameFailsInsteadOfInterleaving() throws Exception {
        start(2);
        upsert(1, "eu", "a");
        sink.commit();
        try (SinkHarness other = new SinkHarness(SharedCatalog.loader(name), tables(2), 1)) {
            other.process(new Change(ORDERS, "2", SCHEMA, Arrays.asList(2L, "eu", "b")));
            other.commit();
        }
        upsert(3, "eu", "c");

        assertThatThrownBy(() -> sink.commit()).hasStackTraceContaining("Another job writes under the same pipeline");
    }
}

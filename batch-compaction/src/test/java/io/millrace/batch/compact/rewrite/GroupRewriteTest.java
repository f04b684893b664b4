package io.millrace.batch.compact.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.LocalSpark;
import io.millrace.batch.compact.ParcelTable;
import io.millrace.batch.compact.ParcelTable.Place;
import io.millrace.batch.compact.upkeep.DanglingDeletes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rewrites groups of a real table, and commits them under the eyes of other writers. */
class GroupRewriteTest {
    private static final long TARGET = 128L << 20;

    @TempDir
    Path warehouse;

    @Test
    void contentStaysTheSameAndDeletesAreGone() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile first = parcels.append("north", 5, 3, 1);
        DataFile second = parcels.append("north", 4, 2, 6);
        parcels.append("south", 7, 8);
        parcels.deleteTogether("north", new Place(first, 1), new Place(second, 2));
        List<String> before = parcels.rows();

        CommitOutcome outcome = committer(parcels).commit(rewrite(parcels, "north"));

        assertThat(outcome).isInstanceOf(CommitOutcome.Landed.class);
        assertThat(parcels.rows()).isEqualTo(before).hasSize(6);
        assertThat(DanglingDeletes.drop(parcels.open())).isEqualTo(1);
        assertThat(parcels.rows()).isEqualTo(before);
        List<FileScanTask> north = tasks(parcels, "north");
        assertThat(north).hasSize(1);
        assertThat(north.get(0).file().recordCount()).isEqualTo(4);
        assertThat(north.get(0).deletes()).isEmpty();
        assertThat(originFiles()).isEmpty();
    }

    @Test
    void outputIsSortedByKeyAndRolledAtTheTarget() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append(
                "north", LongStream.range(0, 20_000).map(i -> 40_000 - 2 * i).toArray());
        parcels.append("north", LongStream.range(0, 20_000).map(i -> 2 * i + 1).toArray());
        Table table = parcels.open();
        TableFiles files = TableFiles.of(table, table.currentSnapshot());

        RewrittenGroup group = new GroupRewriter(LocalSpark.session(), table, List.of("id"), 60_000)
                .rewrite(id(), files.start(), List.copyOf(files.tasks().values()), 40_000);

        assertThat(group.dataFiles()).hasSizeGreaterThan(1);
        assertThat(group.dataFiles().stream().mapToLong(DataFile::recordCount).sum())
                .isEqualTo(40_000);
        List<List<Long>> bounds = group.dataFiles().stream()
                .map(file -> List.of(bound(file.lowerBounds()), bound(file.upperBounds())))
                .toList();
        assertThat(bounds).isSortedAccordingTo(Comparator.comparing(range -> range.get(0)));
        for (int i = 1; i < bounds.size(); i++) {
            assertThat(bounds.get(i).get(0)).isGreaterThan(bounds.get(i - 1).get(1));
        }
    }

    @Test
    void deletesCommittedMeanwhileAreCarriedOverInTheSameSnapshot() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile first = parcels.append("north", 5, 3, 1);
        DataFile second = parcels.append("north", 4, 2, 6);
        parcels.deleteTogether("north", new Place(first, 1));
        RewrittenGroup group = rewrite(parcels, "north");
        parcels.deleteTogether("north", new Place(first, 2));
        parcels.deleteTogether("north", new Place(second, 0));
        parcels.append("north", 1, 4);
        List<String> before = parcels.rows();

        CommitOutcome outcome = committer(parcels).commit(group);

        assertThat(outcome).isInstanceOf(CommitOutcome.Landed.class);
        assertThat(((CommitOutcome.Landed) outcome).carriedDeletes()).isEqualTo(2);
        assertThat(parcels.rows()).isEqualTo(before);
        assertThat(parcels.ids()).containsExactly(1L, 2L, 4L, 5L, 6L);
        assertThat(deleteFiles(parcels)).allMatch(delete -> delete.recordCount() == 2);
    }

    @Test
    void whatASharedDeleteFileSaysOfOthersStays() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile input = parcels.append("north", 1, 2, 3);
        Table table = parcels.open();
        List<FileScanTask> inputs = tasks(parcels, "north");
        RewrittenGroup group = new GroupRewriter(LocalSpark.session(), table, List.of("id"), TARGET)
                .rewrite(id(), table.currentSnapshot(), inputs, 3);
        DataFile other = parcels.append("north", 4, 5, 6);
        DeleteFile shared = parcels.deleteTogether("north", new Place(input, 0), new Place(other, 1));
        List<String> before = parcels.rows();

        committer(parcels).commit(group);

        assertThat(parcels.rows()).isEqualTo(before);
        assertThat(parcels.ids()).containsExactly(2L, 3L, 4L, 6L);
        assertThat(deleteFiles(parcels)).noneMatch(delete -> delete.location().equals(shared.location()));
    }

    @Test
    void aDeleteThatWinsTheRaceIsCarriedOverByTheNextAttempt() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile first = parcels.append("north", 5, 3, 1);
        DataFile second = parcels.append("north", 4, 2, 6);
        RewrittenGroup group = rewrite(parcels, "north");
        parcels.deleteTogether("north", new Place(first, 0));
        List<Integer> attempts = new ArrayList<>();

        CommitOutcome outcome = new GroupCommitter(parcels.open(), 5, () -> true, attempt -> {
                    attempts.add(attempt);
                    if (attempt < 3) {
                        parcels.deleteTogether("north", new Place(second, attempt));
                    }
                })
                .commit(group);

        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(outcome).isInstanceOf(CommitOutcome.Landed.class);
        assertThat(((CommitOutcome.Landed) outcome).carriedDeletes()).isEqualTo(3);
        assertThat(parcels.ids()).containsExactly(1L, 3L, 4L);
        assertThat(everySnapshotsRowCount(parcels)).containsExactly(3, 6, 5, 4, 3, 3);
    }

    @Test
    void appendsThatWinTheRaceCostNoAttempt() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("north", 5, 3, 1);
        parcels.append("north", 4, 2, 6);
        RewrittenGroup group = rewrite(parcels, "north");

        CommitOutcome outcome =
                new GroupCommitter(parcels.open(), 5, () -> true, attempt -> parcels.append("north", 7)).commit(group);

        assertThat(outcome.attempts()).isEqualTo(1);
        assertThat(parcels.ids()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void equalityDeletesCommittedMeanwhileStillApply() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("south", 7);
        parcels.append("north", 5, 3, 1);
        parcels.deleteByKey("north", 3);
        parcels.append("north", 3, 2);
        RewrittenGroup group = rewrite(parcels, "north");
        parcels.deleteByKey("north", 5);
        parcels.append("north", 5);

        CommitOutcome outcome = committer(parcels).commit(group);

        assertThat(outcome).isInstanceOf(CommitOutcome.Landed.class);
        assertThat(parcels.ids()).containsExactly(1L, 2L, 3L, 5L, 7L);
    }

    @Test
    void aCommitThatWouldMakeIcebergDropEqualityDeletesIsGivenUp() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("north", 5, 3, 1);
        RewrittenGroup group = rewrite(parcels, "north");
        parcels.deleteByKey("north", 5);
        parcels.append("north", 5);

        CommitOutcome outcome = committer(parcels).commit(group);

        assertThat(outcome).isInstanceOf(CommitOutcome.GivenUp.class);
        assertThat(parcels.ids()).containsExactly(1L, 3L, 5L);
    }

    @Test
    void aRunThatWasTakenForOverCommitsNothingMore() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("north", 5, 3, 1);
        parcels.append("north", 4, 2, 6);
        long snapshot = parcels.open().currentSnapshot().snapshotId();
        RewrittenGroup group = rewrite(parcels, "north");
        try (RunMarker marker = RunMarker.set(parcels.open(), "run")) {
            GroupCommitter committer = new GroupCommitter(
                    parcels.open(), 5, marker::isAlive, attempt -> RunMarker.tellOver(parcels.open(), "run"));

            assertThat(committer.commit(group)).isInstanceOf(CommitOutcome.GivenUp.class);
        }
        assertThat(parcels.open().currentSnapshot().snapshotId()).isEqualTo(snapshot);
    }

    @Test
    void aGroupWhoseInputAnotherWriterReplacedIsGivenUp() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("north", 5, 3, 1);
        parcels.append("north", 4, 2, 6);
        RewrittenGroup late = rewrite(parcels, "north");
        committer(parcels).commit(rewrite(parcels, "north"));
        List<String> before = parcels.rows();

        CommitOutcome outcome = committer(parcels).commit(late);

        assertThat(outcome).isInstanceOf(CommitOutcome.GivenUp.class);
        assertThat(parcels.rows()).isEqualTo(before);
        assertThat(late.dataFiles())
                .noneMatch(file ->
                        parcels.open().io().newInputFile(file.location()).exists());
        assertThat(originFiles()).isEmpty();
    }

    @Test
    void aGroupIsGivenUpWhenTheTableIsRolledBackBehindItsStart() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile file = parcels.append("north", 5, 3, 1);
        long withAll = parcels.open().currentSnapshot().snapshotId();
        parcels.deleteTogether("north", new Place(file, 0));
        RewrittenGroup group = rewrite(parcels, "north");
        parcels.open().manageSnapshots().rollbackTo(withAll).commit();

        CommitOutcome outcome = committer(parcels).commit(group);

        assertThat(outcome).isInstanceOf(CommitOutcome.GivenUp.class);
        assertThat(parcels.ids()).containsExactly(1L, 3L, 5L);
    }

    @Test
    void aRewriteThatIsNeverCommittedLeavesTheTableAsItWas() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("north", 5, 3, 1);
        parcels.append("north", 4, 2, 6);
        long snapshot = parcels.open().currentSnapshot().snapshotId();
        List<String> before = parcels.rows();

        rewrite(parcels, "north");

        assertThat(parcels.open().currentSnapshot().snapshotId()).isEqualTo(snapshot);
        assertThat(parcels.rows()).isEqualTo(before);
        assertThat(committer(parcels).commit(rewrite(parcels, "north"))).isInstanceOf(CommitOutcome.Landed.class);
        assertThat(parcels.rows()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void aCommitWhoseAnswerIsLostIsFoundAndNotRepeated(LosesFirstAnswer.Told told) {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("north", 5, 3, 1);
        parcels.append("north", 4, 2, 6);
        RewrittenGroup group = rewrite(parcels, "north");
        BaseTable table = (BaseTable) parcels.open();
        Table losing = new BaseTable(new LosesFirstAnswer(table.operations(), told), table.name());

        CommitOutcome outcome = new GroupCommitter(losing, 5, () -> true).commit(group);

        assertThat(outcome).isInstanceOf(CommitOutcome.Landed.class);
        assertThat(parcels.ids()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(parcels.open().snapshots()).hasSize(3);
    }

    @Test
    void attemptsAddToWhatTheOnesBeforeHaveWritten() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile first = parcels.append("north", 5, 3, 1);
        DataFile second = parcels.append("north", 4, 2, 6);
        RewrittenGroup group = rewrite(parcels, "north");
        parcels.deleteTogether("north", new Place(first, 0));
        Map<Integer, Place> meanwhile = Map.of(1, new Place(first, 1), 2, new Place(second, 0));

        CommitOutcome outcome = new GroupCommitter(parcels.open(), 5, () -> true, attempt -> {
                    Place gone = meanwhile.get(attempt);
                    if (gone != null) {
                        parcels.deleteTogether("north", gone);
                    }
                })
                .commit(group);

        assertThat(outcome).isInstanceOfSatisfying(CommitOutcome.Landed.class, landed -> {
            assertThat(landed.attempts()).isEqualTo(3);
            assertThat(landed.carriedDeletes()).isEqualTo(3);
        });
        assertThat(parcels.ids()).containsExactly(1L, 2L, 6L);
        assertThat(deleteFiles(parcels)).hasSize(3).allMatch(delete -> delete.recordCount() == 1);
    }

    @Test
    void deletesThatAreRolledBackBetweenAttemptsAreNotCarried() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile first = parcels.append("north", 5, 3, 1);
        parcels.append("north", 4, 2, 6);
        RewrittenGroup group = rewrite(parcels, "north");
        long before = parcels.open().currentSnapshot().snapshotId();

        CommitOutcome outcome = new GroupCommitter(parcels.open(), 5, () -> true, attempt -> {
                    if (attempt == 1) {
                        parcels.deleteTogether("north", new Place(first, 1));
                    } else if (attempt == 2) {
                        parcels.open().manageSnapshots().rollbackTo(before).commit();
                    }
                })
                .commit(group);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        CommitOutcome.Landed.class,
                        landed -> assertThat(landed.attempts()).isEqualTo(3));
        assertThat(parcels.ids()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(deleteFiles(parcels)).isEmpty();
    }

    @Test
    void storageThatDoesNotAnswerOnceCostsAnAttemptAndNotTheGroup() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile file = parcels.append("north", 5, 3, 1);
        parcels.append("north", 4, 2, 6);
        RewrittenGroup group = rewrite(parcels, "north");
        parcels.deleteTogether("north", new Place(file, 1));
        AtomicInteger looks = new AtomicInteger();

        CommitOutcome outcome = new GroupCommitter(parcels.open(), 5, () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new IllegalStateException("S3 says 403 to a HEAD");
                    }
                    return true;
                })
                .commit(group);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        CommitOutcome.Landed.class,
                        landed -> assertThat(landed.attempts()).isEqualTo(2));
        assertThat(parcels.ids()).containsExactly(1L, 2L, 4L, 5L, 6L);
        assertThat(originFiles()).isEmpty();
    }

    @Test
    void aGroupWithoutLiveRowsLeavesNoFile() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile file = parcels.append("north", 5, 3);
        parcels.append("south", 1);
        parcels.deleteTogether("north", new Place(file, 0), new Place(file, 1));

        CommitOutcome outcome = committer(parcels).commit(rewrite(parcels, "north"));

        assertThat(outcome).isInstanceOf(CommitOutcome.Landed.class);
        assertThat(tasks(parcels, "north")).isEmpty();
        assertThat(deleteFiles(parcels)).isEmpty();
        assertThat(parcels.ids()).containsExactly(1L);
    }

    @Test
    void deletionVectorsAreCarriedOverAndRowsKeepTheirIds() {
        ParcelTable parcels = ParcelTable.create(warehouse, 3);
        DataFile first = parcels.append("north", 5, 3, 1);
        parcels.append("north", 4, 2, 6);
        parcels.deleteByVector(first, List.of(), 1);
        List<DeleteFile> earlier = deleteFiles(parcels);
        RewrittenGroup group = rewrite(parcels, "north");
        parcels.deleteByVector(first, earlier, 1, 2);
        List<String> before = parcels.rows();
        List<String> rowIds = rowIds(parcels);

        CommitOutcome outcome = committer(parcels).commit(group);

        assertThat(outcome).isInstanceOf(CommitOutcome.Landed.class);
        assertThat(((CommitOutcome.Landed) outcome).carriedDeletes()).isEqualTo(1);
        assertThat(parcels.rows()).isEqualTo(before);
        assertThat(parcels.ids()).containsExactly(2L, 4L, 5L, 6L);
        assertThat(deleteFiles(parcels)).hasSize(1);
        assertThat(rowIds(parcels)).isEqualTo(rowIds);
    }

    private RewrittenGroup rewrite(ParcelTable parcels, String region) {
        Table table = parcels.open();
        return new GroupRewriter(LocalSpark.session(), table, List.of("id"), TARGET)
                .rewrite(id(), table.currentSnapshot(), tasks(parcels, region), 6);
    }

    private static GroupCommitter committer(ParcelTable parcels) {
        return new GroupCommitter(parcels.open(), 5, () -> true);
    }

    private static List<FileScanTask> tasks(ParcelTable parcels, String region) {
        Table table = parcels.open();
        return TableFiles.of(table, table.currentSnapshot()).tasks().values().stream()
                .filter(task -> region.equals(task.partition().get(0, String.class)))
                .sorted(Comparator.comparing(task -> task.file().location()))
                .toList();
    }

    private static List<DeleteFile> deleteFiles(ParcelTable parcels) {
        Table table = parcels.open();
        return TableFiles.of(table, table.currentSnapshot()).tasks().values().stream()
                .flatMap(task -> task.deletes().stream())
                .toList();
    }

    private static List<String> rowIds(ParcelTable parcels) {
        String location = parcels.open().location();
        return LocalSpark.session()
                .read()
                .format("iceberg")
                .load(location)
                .selectExpr("concat(id, ':', _row_id, ':', _last_updated_sequence_number)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    private static List<Integer> everySnapshotsRowCount(ParcelTable parcels) {
        List<Integer> counts = new ArrayList<>();
        for (Snapshot snapshot : parcels.open().snapshots()) {
            counts.add(parcels.rowsAt(snapshot.snapshotId()).size());
        }
        return counts;
    }

    private List<Path> originFiles() {
        try (Stream<Path> files = Files.walk(warehouse)) {
            return files.filter(file -> file.toString().endsWith(".origins")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bound(Map<Integer, ByteBuffer> bounds) {
        return Conversions.fromByteBuffer(Types.LongType.get(), Objects.requireNonNull(bounds.get(1)));
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}

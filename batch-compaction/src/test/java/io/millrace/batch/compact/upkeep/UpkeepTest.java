package io.millrace.batch.compact.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.LocalSpark;
import io.millrace.batch.compact.ParcelTable;
import io.millrace.batch.compact.ParcelTable.Place;
import io.millrace.batch.compact.rewrite.RunMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {
    @TempDir
    Path warehouse;

    @Test
    void deletesOfFilesThatAreGoneAreDroppedAndOthersStay() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile gone = parcels.append("north", 1, 2);
        DataFile stays = parcels.append("north", 3, 4);
        parcels.deleteTogether("north", new Place(gone, 0));
        parcels.deleteTogether("north", new Place(gone, 1), new Place(stays, 0));
        parcels.open().newDelete().deleteFile(gone).commit();

        int first = DanglingDeletes.drop(parcels.open());
        int second = DanglingDeletes.drop(parcels.open());

        assertThat(first).isEqualTo(1);
        assertThat(second).isZero();
        assertThat(parcels.ids()).containsExactly(4L);
    }

    @Test
    void taggedSnapshotsAreNotExpired() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("north", 1);
        parcels.append("north", 2);
        long second = parcels.open().currentSnapshot().snapshotId();
        parcels.open().manageSnapshots().createTag("audit", second).commit();
        List<String> asOfSecond = parcels.rows();
        parcels.append("north", 3);
        parcels.append("north", 4);

        int expired = SnapshotExpiry.expire(parcels.open(), Instant.now().plusSeconds(60), 1);

        assertThat(expired).isEqualTo(2);
        assertThat(parcels.rowsAt(second)).isEqualTo(asOfSecond);
        assertThat(parcels.ids()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void expiryLeavesVectorsThatShareTheirFileWithReplacedOnes() throws IOException {
        ParcelTable parcels = ParcelTable.create(warehouse, 3);
        DataFile first = parcels.append("north", 1, 2, 3);
        DataFile second = parcels.append("north", 4, 5, 6);
        parcels.deleteByVectors(List.of(first, second), List.of(), 0);
        parcels.deleteByVector(first, vectorsOf(parcels, first), 0, 1);
        parcels.append("north", 7);

        SnapshotExpiry.expire(parcels.open(), Instant.now().plusSeconds(60), 1);

        assertThat(parcels.open().snapshots()).hasSize(1);
        assertThat(parcels.ids()).containsExactly(3L, 5L, 6L, 7L);
    }

    private static List<DeleteFile> vectorsOf(ParcelTable parcels, DataFile file) throws IOException {
        try (CloseableIterable<FileScanTask> tasks = parcels.open().newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                if (task.file().location().equals(file.location())) {
                    return task.deletes();
                }
            }
        }
        return List.of();
    }

    @Test
    void theStockSinkKeepsItsNewestCommit() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        Table table = parcels.open();
        table.newAppend().set("flink.max-committed-checkpoint-id", "17").commit();
        parcels.append("north", 1);
        parcels.append("north", 2);

        SnapshotExpiry.expire(parcels.open(), Instant.now().plusSeconds(60), 1);

        assertThat(parcels.open().snapshots())
                .anyMatch(snapshot -> snapshot.summary().containsKey("flink.max-committed-checkpoint-id"));
    }

    @Test
    void onlyOldFilesThatNoSnapshotKnowsAreOrphans() throws IOException {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("north", 1);
        Path folder = warehouse.resolve("logistics/parcels/metadata");
        Path old = Files.writeString(folder.resolve("compaction-killed.origins"), "left behind");
        Path young = Files.writeString(folder.resolve("compaction-running.origins"), "in use");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(4))));
        Upkeep upkeep = new Upkeep(Instant.now(), Duration.ofDays(5), 1, Duration.ofDays(3), 100, true, true);

        Upkeep.Done done = upkeep.run(LocalSpark.session(), parcels.open());

        assertThat(done).isEqualTo(new Upkeep.Done(0, 0, 0, 1, null));
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(parcels.ids()).containsExactly(1L);
    }

    @Test
    void snapshotsOfBranchesAreNotExpired() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("north", 1);
        long first = parcels.open().currentSnapshot().snapshotId();
        parcels.open().manageSnapshots().createBranch("audit", first).commit();
        parcels.append("north", 2);
        parcels.append("north", 3);

        int expired = SnapshotExpiry.expire(parcels.open(), Instant.now().plusSeconds(60), 1);

        assertThat(expired).isEqualTo(1);
        assertThat(parcels.rowsAt(first)).hasSize(1);
    }

    @Test
    void manySmallManifestsBecomeFewAndAFewStay() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        DataFile first = parcels.append("north", 100);
        for (int i = 0; i < 12; i++) {
            parcels.append(i % 2 == 0 ? "north" : "south", i);
        }
        parcels.deleteTogether("north", new Place(first, 0));
        List<String> before = parcels.rows();
        int manifests = dataManifests(parcels);

        int merged = ManifestMerge.merge(parcels.open());

        assertThat(merged).isEqualTo(manifests - 1);
        assertThat(dataManifests(parcels)).isEqualTo(1);
        assertThat(parcels.rows()).isEqualTo(before);
        assertThat(ManifestMerge.merge(parcels.open())).isZero();
    }

    @Test
    void largeListsOfFilesAreDealtOutByPartition() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        for (int i = 0; i < 30; i++) {
            parcels.append(List.of("north", "south", "west").get(i % 3), i);
        }
        List<String> before = parcels.rows();
        long bytes = parcels
                .open()
                .currentSnapshot()
                .dataManifests(parcels.open().io())
                .stream()
                .mapToLong(ManifestFile::length)
                .sum();
        parcels.open()
                .updateProperties()
                .set("commit.manifest.target-size-bytes", Long.toString(bytes / 2))
                .commit();

        ManifestMerge.merge(parcels.open());

        assertThat(parcels.open().currentSnapshot().dataManifests(parcels.open().io()))
                .hasSize(3)
                .allSatisfy(manifest -> assertThat(manifest.partitions().get(0).lowerBound())
                        .isEqualTo(manifest.partitions().get(0).upperBound()));
        assertThat(parcels.rows()).isEqualTo(before);
    }

    @Test
    void oldMetadataFilesAreLimitedOnceAndNeverAgainstTheOwnersWill() {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        parcels.append("north", 1);

        boolean first = MetadataFiles.limit(parcels.open(), 3);
        boolean second = MetadataFiles.limit(parcels.open(), 3);
        for (int i = 0; i < 6; i++) {
            parcels.append("north", 10 + i);
        }

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(((BaseTable) parcels.open()).operations().current().previousFiles())
                .hasSize(3);
        parcels.open()
                .updateProperties()
                .set("write.metadata.delete-after-commit.enabled", "false")
                .commit();
        assertThat(MetadataFiles.limit(parcels.open(), 3)).isFalse();
    }

    @Test
    void whatAKilledRunHasLeftIsDeletedAndWhatItHasCommittedStays() throws Exception {
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        Table table = parcels.open();
        DataFile committed = parcels.append("north", 1);
        parcels.append("north", 2);
        String run = committed.location().replaceAll(".*/\\d+-\\d+-(.{36})-.*", "$1");
        Path data = warehouse.resolve("logistics/parcels/data/region=north");
        Path left = Files.writeString(data.resolve("00000-9-" + run + "-00007.parquet"), "half written");
        Path others = Files.writeString(data.resolve("00000-9-other-00007.parquet"), "being written");
        try (RunMarker marker = RunMarker.set(table, run)) {
            assertThat(AbandonedRuns.clear(LocalSpark.session(), parcels.open(), Instant.now()))
                    .as("a living run")
                    .isZero();

            long deleted = AbandonedRuns.clear(
                    LocalSpark.session(), parcels.open(), Instant.now().plus(Duration.ofHours(1)));

            assertThat(deleted).isEqualTo(1);
            assertThat(marker.isAlive()).isFalse();
        }
        assertThat(left).doesNotExist();
        assertThat(others).exists();
        assertThat(parcels.ids()).containsExactly(1L, 2L);
        assertThat(AbandonedRuns.clear(
                        LocalSpark.session(), parcels.open(), Instant.now().plus(Duration.ofHours(1))))
                .isZero();
    }

    private static int dataManifests(ParcelTable parcels) {
        return parcels.open()
                .currentSnapshot()
                .dataManifests(parcels.open().io())
                .size();
    }
}

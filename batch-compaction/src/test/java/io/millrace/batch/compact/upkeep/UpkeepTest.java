package io.millrace.batch.compact.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.LocalSpark;
import io.millrace.batch.compact.ParcelTable;
import io.millrace.batch.compact.ParcelTable.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
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
        Upkeep upkeep = new Upkeep(Instant.now(), Duration.ofDays(5), 1, Duration.ofDays(3), true);

        Upkeep.Done done = upkeep.run(LocalSpark.session(), parcels.open());

        assertThat(done).isEqualTo(new Upkeep.Done(0, 0, 1, null));
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(parcels.ids()).containsExactly(1L);
    }
}

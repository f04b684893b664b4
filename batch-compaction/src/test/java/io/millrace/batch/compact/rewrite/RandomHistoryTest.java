package io.millrace.batch.compact.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.LocalSpark;
import io.millrace.batch.compact.ParcelTable;
import io.millrace.batch.compact.ParcelTable.Place;
import io.millrace.batch.compact.upkeep.DanglingDeletes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rewrites random files of a table while random rows of it are added and deleted; the rows must never tell. */
class RandomHistoryTest {
    private static final int ROUNDS = 3;

    @TempDir
    Path warehouse;

    private final TreeSet<Long> expected = new TreeSet<>();
    private long nextId = 1;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void nobodySeesARewriteInTheRows(long seed) {
        Random random = new Random(seed);
        ParcelTable parcels = ParcelTable.create(warehouse, 2);
        for (int round = 0; round < ROUNDS; round++) {
            change(parcels, random, 6);
            RewrittenGroup group = rewriteSome(parcels, random);
            change(parcels, random, random.nextInt(5));

            CommitOutcome outcome = new GroupCommitter(parcels.open(), 10, () -> true, attempt -> {
                        if (attempt < 4 && random.nextBoolean()) {
                            change(parcels, random, 2);
                        }
                    })
                    .commit(group);

            assertThat(outcome).as("seed %d, round %d", seed, round).isInstanceOf(CommitOutcome.Landed.class);
            Snapshot landed = parcels.open().snapshot(((CommitOutcome.Landed) outcome).snapshotId());
            assertThat(parcels.rowsAt(landed.snapshotId()))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(parcels.rowsAt(landed.parentId()));
            DanglingDeletes.drop(parcels.open());
            assertThat(parcels.ids()).as("seed %d, round %d", seed, round).isEqualTo(List.copyOf(expected));
        }
    }

    private void change(ParcelTable parcels, Random random, int commits) {
        for (int commit = 0; commit < commits; commit++) {
            if (expected.size() < 10 || random.nextBoolean()) {
                long[] ids =
                        LongStream.range(nextId, nextId + 1 + random.nextInt(8)).toArray();
                nextId += ids.length;
                parcels.append("north", ids);
                LongStream.of(ids).forEach(expected::add);
            } else {
                deleteSome(parcels, random);
            }
        }
    }

    /** Some in one file and some in several, so that the delete file bears on one file or is shared. */
    private void deleteSome(ParcelTable parcels, Random random) {
        List<Map.Entry<Long, Place>> rows = new ArrayList<>(parcels.places().entrySet());
        Collections.shuffle(rows, random);
        String onlyFile = rows.get(0).getValue().file();
        boolean scattered = random.nextBoolean();
        List<Map.Entry<Long, Place>> gone = rows.stream()
                .filter(row -> scattered || row.getValue().file().equals(onlyFile))
                .limit(1 + random.nextInt(4))
                .toList();
        parcels.deleteTogether("north", gone.stream().map(Map.Entry::getValue).toArray(Place[]::new));
        gone.forEach(row -> expected.remove(row.getKey()));
    }

    private static RewrittenGroup rewriteSome(ParcelTable parcels, Random random) {
        Table table = parcels.open();
        TableFiles files = TableFiles.ofNewest(table);
        List<FileScanTask> oldestFirst = new ArrayList<>(files.tasks().values());
        oldestFirst.sort(Comparator.comparing(task -> task.file().fileSequenceNumber()));
        Collections.shuffle(oldestFirst, random);
        List<FileScanTask> inputs = oldestFirst.subList(0, 1 + random.nextInt(oldestFirst.size()));
        return new GroupRewriter(LocalSpark.session(), table, List.of("id"), 1 << 20)
                .rewrite(UUID.randomUUID().toString(), files.start(), inputs, 100);
    }
}

package io.millrace.iceberg.commit;

import io.millrace.iceberg.index.DataFileRef;
import io.millrace.iceberg.scan.TableView;
import io.millrace.iceberg.table.SnapshotIdentity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * Format version 2: position-delete files, few per partition.
 *
 * <p>A reader of a data file opens every delete file of its partition. So a commit does not just add one per partition: it
 * takes the partition's smaller files along and replaces them. A file is taken if it is at most twice as large as what is
 * merged so far, smallest first. Sizes in a partition then grow geometrically: there are about log2(commits) of them, and
 * a position is rewritten about as many times over its life (docs/decisions/0006).
 *
 * <p>What it has written last it mostly still knows, and need not read again to merge it.
 */
final class PositionDeleteFiles implements DeleteFileWriter {
    /** Beyond this a merge would hold up the commit for seconds. */
    private static final long LARGEST_MERGED = 10_000_000;

    private final SnapshotIdentity identity;
    private final Map<Partition, List<DeleteFile>> current = new HashMap<>();
    private @Nullable Long currentSnapshot;
    private final RecentDeletes recent;
    private Map<Partition, Replacement> written = Map.of();

    PositionDeleteFiles(SnapshotIdentity identity, RecentDeletes recent) {
        this.identity = identity;
        this.recent = recent;
    }

    private record Partition(int specId, String values) {}

    private record Replacement(DeleteFile added, List<DeleteFile> replaced, Map<String, PositionDeleteIndex> content) {}

    @Override
    public Written write(TableView view, Collection<DeleteTarget> targets) {
        bringUpToDate(view);
        Map<Partition, List<DeleteTarget>> byPartition = new LinkedHashMap<>();
        for (DeleteTarget target : targets) {
            Partition partition =
                    new Partition(target.file().specId(), target.file().partition());
            byPartition.computeIfAbsent(partition, created -> new ArrayList<>()).add(target);
        }
        Map<Partition, Replacement> replacements = new LinkedHashMap<>();
        byPartition.forEach((partition, group) -> replacements.put(partition, replace(view, partition, group)));
        written = replacements;
        return new Written(
                replacements.values().stream().map(Replacement::added).toList(),
                replacements.values().stream()
                        .flatMap(replacement -> replacement.replaced().stream())
                        .toList());
    }

    @Override
    public void landed(long snapshotId) {
        written.forEach((partition, replacement) -> {
            List<DeleteFile> files = current.computeIfAbsent(partition, created -> new ArrayList<>());
            files.removeAll(replacement.replaced());
            files.add(replacement.added());
            replacement.replaced().forEach(recent::remove);
            recent.put(replacement.added(), replacement.content());
        });
        written = Map.of();
        currentSnapshot = snapshotId;
    }

    private Replacement replace(TableView view, Partition partition, List<DeleteTarget> group) {
        SortedMap<String, PositionDeleteIndex> positions = new TreeMap<>();
        for (DeleteTarget target : group) {
            add(positions, target.file().path(), target.positions());
        }
        List<DeleteFile> merged = mergeable(partition, group);
        for (DeleteFile file : merged) {
            content(view.table(), file).forEach((path, index) -> add(positions, path, index));
        }
        return new Replacement(writeFile(view, group.get(0), positions), merged, positions);
    }

    private static void add(Map<String, PositionDeleteIndex> all, String path, PositionDeleteIndex more) {
        all.computeIfAbsent(path, created -> Deletes.toPositionIndex(CloseableIterable.empty()))
                .merge(more);
    }

    private List<DeleteFile> mergeable(Partition partition, List<DeleteTarget> group) {
        List<DeleteFile> candidates = new ArrayList<>(current.getOrDefault(partition, List.of()));
        candidates.sort(Comparator.comparingLong(DeleteFile::recordCount));
        List<DeleteFile> merged = new ArrayList<>();
        long size = group.stream()
                .mapToLong(target -> target.positions().cardinality())
                .sum();
        for (DeleteFile candidate : candidates) {
            if (candidate.recordCount() > 2 * size || candidate.recordCount() + size > LARGEST_MERGED) {
                break;
            }
            merged.add(candidate);
            size += candidate.recordCount();
        }
        return merged;
    }

    private Map<String, PositionDeleteIndex> content(Table table, DeleteFile file) {
        Map<String, PositionDeleteIndex> known = recent.get(file);
        return known == null ? PositionDeleteFile.read(table, file) : known;
    }

    private DeleteFile writeFile(TableView view, DeleteTarget any, SortedMap<String, PositionDeleteIndex> positions) {
        Table table = view.table();
        PartitionSpec spec = view.spec(any.file().specId());
        StructLike partition = any.file().partition(spec);
        String name = identity.newFileName("-deletes.parquet");
        String location = spec.isUnpartitioned()
                ? table.locationProvider().newDataLocation(name)
                : table.locationProvider().newDataLocation(spec, partition, name);
        return PositionDeleteFile.write(table, spec, partition, location, positions);
    }

    private void bringUpToDate(TableView view) {
        Snapshot snapshot = view.metadata().currentSnapshot();
        Long id = snapshot == null ? null : snapshot.snapshotId();
        if (id != null && id.equals(currentSnapshot)) {
            return;
        }
        current.clear();
        for (DeleteFile file : view.deleteFiles()) {
            if (file.content() == FileContent.POSITION_DELETES && identity.ownsFile(file.location())) {
                PartitionSpec spec = view.spec(file.specId());
                current.computeIfAbsent(
                                new Partition(file.specId(), DataFileRef.partitionText(spec, file.partition())),
                                created -> new ArrayList<>())
                        .add(file);
            }
        }
        currentSnapshot = id;
    }
}

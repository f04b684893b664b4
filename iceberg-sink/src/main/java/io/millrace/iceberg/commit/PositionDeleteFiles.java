package io.millrace.iceberg.commit;

import io.millrace.iceberg.index.DataFileRef;
import io.millrace.iceberg.scan.TableView;
import io.millrace.iceberg.table.SnapshotIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;

/**
 * Format version 2: position-delete files, few per partition.
 *
 * <p>A reader of a data file opens every delete file of its partition. So a commit does not just add one per partition: it
 * takes the partition's smaller files along and replaces them. A file is taken if it is at most twice as large as what is
 * merged so far, smallest first. Sizes in a partition then grow geometrically: there are about log2(commits) of them, and
 * a position is rewritten about as many times over its life (docs/decisions/0006).
 *
 * <p>Rows are sorted by file and position in small row groups: whoever looks for one data file's deletes reads only the
 * row groups that have some.
 */
final class PositionDeleteFiles implements DeleteFileWriter {
    private static final long ROW_GROUP_BYTES = 256L << 10;
    /** Beyond this a merge would hold up the commit for seconds. */
    private static final long LARGEST_MERGED = 10_000_000;

    private static final Schema PATH_AND_POSITION =
            new Schema(MetadataColumns.DELETE_FILE_PATH, MetadataColumns.DELETE_FILE_POS);

    private final SnapshotIdentity identity;
    private final Map<Partition, List<DeleteFile>> current = new HashMap<>();
    private @Nullable Long currentSnapshot;
    private Map<Partition, Replacement> written = Map.of();

    PositionDeleteFiles(SnapshotIdentity identity) {
        this.identity = identity;
    }

    private record Partition(int specId, String values) {}

    private record Replacement(DeleteFile added, List<DeleteFile> replaced) {}

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
        });
        written = Map.of();
        currentSnapshot = snapshotId;
    }

    private Replacement replace(TableView view, Partition partition, List<DeleteTarget> group) {
        Map<String, PositionDeleteIndex> positions = new TreeMap<>();
        for (DeleteTarget target : group) {
            positions.put(target.file().path(), target.positions());
        }
        List<DeleteFile> merged = mergeable(partition, group);
        for (DeleteFile file : merged) {
            read(view.table(), file).forEach((path, index) -> {
                PositionDeleteIndex mine = positions.computeIfAbsent(
                        path.toString(), created -> Deletes.toPositionIndex(CloseableIterable.empty()));
                index.forEach(mine::delete);
            });
        }
        return new Replacement(writeFile(view, group.get(0), positions), merged);
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

    private static Map<CharSequence, PositionDeleteIndex> read(Table table, DeleteFile file) {
        return Deletes.toPositionIndexes(FormatModelRegistry.<Record, Object>readBuilder(
                        file.format(), Record.class, table.io().newInputFile(file.location()))
                .project(PATH_AND_POSITION)
                .reuseContainers()
                .build());
    }

    private DeleteFile writeFile(TableView view, DeleteTarget any, Map<String, PositionDeleteIndex> positions) {
        Table table = view.table();
        PartitionSpec spec = view.spec(any.file().specId());
        StructLike partition = any.file().partition(spec);
        String name = identity.newFileName("-deletes.parquet");
        String location = spec.isUnpartitioned()
                ? table.locationProvider().newDataLocation(name)
                : table.locationProvider().newDataLocation(spec, partition, name);
        OutputFile output = table.io().newOutputFile(location);
        try {
            PositionDeleteWriter<Record> writer = Parquet.writeDeletes(
                            table.encryption().encrypt(output))
                    .setAll(table.properties())
                    .set(TableProperties.DELETE_PARQUET_ROW_GROUP_SIZE_BYTES, Long.toString(ROW_GROUP_BYTES))
                    .metricsConfig(MetricsConfig.forPositionDelete(table))
                    .withSpec(spec)
                    .withPartition(partition)
                    .overwrite()
                    .buildPositionWriter();
            try (writer) {
                PositionDelete<Record> delete = PositionDelete.create();
                positions.forEach((path, index) -> index.forEach(position -> writer.write(delete.set(path, position))));
            }
            return writer.toDeleteFile();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write position deletes of " + table.name(), e);
        }
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

package io.millrace.batch.compact.rewrite;

import io.millrace.batch.compact.policy.FileFacts;
import io.millrace.batch.compact.policy.FileGroup;
import io.millrace.batch.compact.policy.PartitionFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.PartitionMap;
import org.jspecify.annotations.Nullable;

/**
 * The data files of one snapshot with their deletes, and what the policy wants to know of them.
 *
 * @param snapshot the snapshot; null if the table has none
 * @param tasks each data file once, whole, with the delete files that apply to it
 * @param partitions the same files by partition, for the policy
 */
public record TableFiles(
        @Nullable Snapshot snapshot, Map<String, FileScanTask> tasks, List<PartitionFacts> partitions) {

    /** Plans a scan of a snapshot of the table. */
    public static TableFiles of(Table table, Snapshot snapshot) {
        Map<String, FileScanTask> tasks = new HashMap<>();
        try (CloseableIterable<FileScanTask> planned =
                table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
            planned.forEach(task -> tasks.put(task.file().location(), task));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot plan a scan of " + table.name(), e);
        }
        return new TableFiles(snapshot, tasks, partitions(table, tasks));
    }

    /** Looks at the newest snapshot that this instance of the table knows. */
    public static TableFiles ofNewest(Table table) {
        Snapshot newest = table.currentSnapshot();
        return newest == null ? new TableFiles(null, Map.of(), List.of()) : of(table, newest);
    }

    /** The snapshot that a rewrite of these files starts from. */
    public Snapshot start() {
        return Objects.requireNonNull(snapshot, "a table without snapshot has no files");
    }

    /** The scan tasks of a group that the policy has made of these files. */
    public List<FileScanTask> tasksOf(FileGroup group) {
        return group.files().stream().map(file -> tasks.get(file.location())).toList();
    }

    private static List<PartitionFacts> partitions(Table table, Map<String, FileScanTask> tasks) {
        Map<Long, Snapshot> commits = new HashMap<>();
        table.snapshots().forEach(snapshot -> commits.put(snapshot.sequenceNumber(), snapshot));
        Map<String, Long> rowsUnderDelete = new HashMap<>();
        for (FileScanTask task : tasks.values()) {
            task.deletes()
                    .forEach(delete ->
                            rowsUnderDelete.merge(identity(delete), task.file().recordCount(), Long::sum));
        }
        PartitionMap<List<FileFacts>> byPartition = PartitionMap.create(table.specs());
        for (FileScanTask task : tasks.values()) {
            byPartition
                    .computeIfAbsent(task.spec().specId(), task.partition(), ArrayList::new)
                    .add(facts(task, commits, rowsUnderDelete));
        }
        List<PartitionFacts> partitions = new ArrayList<>();
        byPartition.forEach(
                (key, files) -> partitions.add(new PartitionFacts(label(table, key.first(), key.second()), files)));
        return partitions;
    }

    /** A delete file that bears on several data files counts for each by its share of their rows. */
    private static FileFacts facts(FileScanTask task, Map<Long, Snapshot> commits, Map<String, Long> rowsUnderDelete) {
        long rows = task.file().recordCount();
        Snapshot brought = commits.get(task.file().fileSequenceNumber());
        boolean moved = brought != null && DataOperations.REPLACE.equals(brought.operation());
        Instant addedAt = brought == null || moved ? Instant.EPOCH : Instant.ofEpochMilli(brought.timestampMillis());
        Instant touchedAt = addedAt;
        double deleted = 0;
        Set<String> deleteFiles = new TreeSet<>();
        for (DeleteFile delete : task.deletes()) {
            deleteFiles.add(delete.location());
            long under = rowsUnderDelete.getOrDefault(identity(delete), rows);
            deleted += under == 0 ? 0 : delete.recordCount() * (rows / (double) under);
            Snapshot deletedIn = commits.get(delete.fileSequenceNumber());
            if (deletedIn != null && deletedIn.timestampMillis() > touchedAt.toEpochMilli()) {
                touchedAt = Instant.ofEpochMilli(deletedIn.timestampMillis());
            }
        }
        return new FileFacts(
                task.file().location(),
                task.file().fileSizeInBytes(),
                rows,
                Math.round(deleted),
                deleteFiles,
                addedAt,
                touchedAt);
    }

    /** Several deletion vectors share one file. */
    private static String identity(DeleteFile delete) {
        return delete.contentOffset() == null ? delete.location() : delete.location() + "#" + delete.contentOffset();
    }

    private static String label(Table table, int specId, StructLike partition) {
        PartitionSpec spec = table.specs().get(specId);
        String path = spec == null || spec.isUnpartitioned() ? "(whole table)" : spec.partitionToPath(partition);
        return specId == table.spec().specId() ? path : path + " (spec " + specId + ")";
    }
}

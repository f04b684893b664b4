package io.millrace.iceberg.scan;

import io.millrace.iceberg.table.PinnedOperations;
import io.millrace.iceberg.table.SnapshotIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * A table at one moment, seen from the changes of one pipeline.
 *
 * <p>Sequence numbers are the clock: a snapshot of a greater number came later, and a data file carries the number of the
 * snapshot that added it, also when that snapshot has long been expired.
 */
public final class TableView {
    private final Table table;
    private final TableMetadata metadata;
    private final SnapshotIdentity identity;

    /**
     * Takes the moment that the operations are pinned to.
     *
     * @param name the table's full name
     */
    public TableView(String name, PinnedOperations operations, SnapshotIdentity identity) {
        this.table = new BaseTable(operations, name, report -> {});
        this.metadata = operations.current();
        this.identity = identity;
    }

    public Table table() {
        return table;
    }

    /** A partition spec that the table has, or once had. */
    public PartitionSpec spec(int id) {
        PartitionSpec spec = table.specs().get(id);
        if (spec == null) {
            throw new IllegalStateException("Cannot find partition spec " + id + " of table " + table.name()
                    + ": it was removed while files of it were being changed.");
        }
        return spec;
    }

    public TableMetadata metadata() {
        return metadata;
    }

    /** The number of the current snapshot, or 0 if there is none. */
    public long sequenceNumber() {
        Snapshot current = metadata.currentSnapshot();
        return current == null ? 0 : current.sequenceNumber();
    }

    public long landedEpoch() {
        return identity.landedEpoch(metadata);
    }

    /**
     * Whether anybody else may have added or removed files since the given sequence number; false only if all snapshots
     * since are known and this pipeline's.
     */
    public boolean foreignSince(long sequenceNumber) {
        Snapshot snapshot = metadata.currentSnapshot();
        if (sequenceNumber() < sequenceNumber) {
            return true;
        }
        while (snapshot != null && snapshot.sequenceNumber() > sequenceNumber) {
            if (!identity.owns(snapshot)) {
                return true;
            }
            Long parent = snapshot.parentId();
            Snapshot before = parent == null ? null : metadata.snapshot(parent);
            if (before == null && parent != null && snapshot.sequenceNumber() > sequenceNumber + 1) {
                return true;
            }
            snapshot = before;
        }
        return false;
    }

    /** All live data files with the deletes that apply to them. */
    public List<FileScanTask> liveFiles() {
        Snapshot current = metadata.currentSnapshot();
        List<FileScanTask> tasks = new ArrayList<>();
        if (current == null) {
            return tasks;
        }
        try (CloseableIterable<FileScanTask> planned =
                table.newScan().useSnapshot(current.snapshotId()).planFiles()) {
            planned.forEach(tasks::add);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the files of " + table.name(), e);
        }
        return tasks;
    }

    /** All live delete files. */
    public List<DeleteFile> deleteFiles() {
        Snapshot current = metadata.currentSnapshot();
        List<DeleteFile> files = new ArrayList<>();
        if (current == null) {
            return files;
        }
        for (ManifestFile manifest : current.deleteManifests(table.io())) {
            try (ManifestReader<DeleteFile> reader =
                    ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
                reader.forEach(file -> files.add(file.copyWithoutStats()));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot list the delete files of " + table.name(), e);
            }
        }
        return files;
    }

    /**
     * The live files that others added after the given sequence number: where rows of files that have vanished since must
     * be, if they still live.
     */
    public List<FileScanTask> foreignFilesSince(List<FileScanTask> liveFiles, long sequenceNumber) {
        return liveFiles.stream()
                .filter(task -> {
                    @Nullable Long added = task.file().fileSequenceNumber();
                    return (added == null || added > sequenceNumber)
                            && !identity.ownsFile(task.file().location());
                })
                .toList();
    }

    /** The paths of these files. */
    public static Set<String> paths(List<FileScanTask> files) {
        Set<String> paths = new HashSet<>();
        files.forEach(task -> paths.add(task.file().location()));
        return paths;
    }
}

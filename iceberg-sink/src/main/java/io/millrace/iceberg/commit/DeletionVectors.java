package io.millrace.iceberg.commit;

import io.millrace.iceberg.scan.TableView;
import io.millrace.iceberg.table.SnapshotIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.DeleteWriteResult;
import org.jspecify.annotations.Nullable;

/**
 * Format version 3: one deletion vector per data file, which replaces the file's earlier one; all vectors of a commit are
 * in one Puffin file.
 *
 * <p>Remembers which vectors the table has, so that it need not ask at every commit; asks again if somebody else has
 * committed in between.
 */
final class DeletionVectors implements DeleteFileWriter {
    private final SnapshotIdentity identity;
    private final Map<String, List<DeleteFile>> current = new HashMap<>();
    private @Nullable Long currentSnapshot;
    private List<DeleteFile> written = List.of();

    DeletionVectors(SnapshotIdentity identity) {
        this.identity = identity;
    }

    @Override
    public Written write(TableView view, Collection<DeleteTarget> targets) {
        bringUpToDate(view);
        written = List.of();
        if (targets.isEmpty()) {
            return new Written(List.of(), List.of());
        }
        Table table = view.table();
        String location = table.locationProvider().newDataLocation(identity.newFileName("-deletes.puffin"));
        BaseDVFileWriter writer =
                new BaseDVFileWriter(() -> table.io().newOutputFile(location), path -> earlier(table, path));
        for (DeleteTarget target : targets) {
            PartitionSpec spec = view.spec(target.file().specId());
            writer.delete(
                    target.file().path(),
                    target.positions(),
                    spec,
                    target.file().partition(spec));
        }
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write deletion vectors of " + table.name(), e);
        }
        DeleteWriteResult result = writer.result();
        written = result.deleteFiles();
        return new Written(written, result.rewrittenDeleteFiles());
    }

    @Override
    public void landed(long snapshotId) {
        for (DeleteFile vector : written) {
            String path = vector.referencedDataFile();
            if (path != null) {
                current.put(path, List.of(vector));
            }
        }
        written = List.of();
        currentSnapshot = snapshotId;
    }

    private void bringUpToDate(TableView view) {
        Snapshot snapshot = view.metadata().currentSnapshot();
        Long id = snapshot == null ? null : snapshot.snapshotId();
        if (id != null && id.equals(currentSnapshot)) {
            return;
        }
        current.clear();
        for (FileScanTask task : view.liveFiles()) {
            List<DeleteFile> deletes = task.deletes().stream()
                    .filter(delete -> delete.content() == FileContent.POSITION_DELETES)
                    .toList();
            if (!deletes.isEmpty()) {
                current.put(task.file().location(), deletes);
            }
        }
        currentSnapshot = id;
    }

    // BaseDVFileWriter takes null for "none", against its signature as NullAway sees it.
    @SuppressWarnings("NullAway")
    private PositionDeleteIndex earlier(Table table, String path) {
        List<DeleteFile> deletes = current.get(path);
        return deletes == null
                ? null
                : new BaseDeleteLoader(file -> table.io().newInputFile(file)).loadPositionDeletes(deletes, path);
    }
}

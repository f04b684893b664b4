package io.millrace.iceberg.commit;

import io.millrace.iceberg.scan.TableView;
import io.millrace.iceberg.table.SnapshotIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.Tasks;
import org.apache.iceberg.util.ThreadPools;
import org.jspecify.annotations.Nullable;

/**
 * Format version 3: one deletion vector per data file, which replaces the file's earlier one, in a Puffin file of its own.
 *
 * <p>Iceberg lets vectors share a file. But once one of them is replaced, its expiry of snapshots takes the whole file for
 * unused and deletes it, with the vectors that the table still has.
 *
 * <p>Remembers which vectors the table has, so that it need not ask at every commit; asks again if somebody else has
 * committed in between. What the vectors hold that were written last it mostly still knows, too.
 */
final class DeletionVectors implements DeleteFileWriter {
    private final SnapshotIdentity identity;
    private final Map<String, List<DeleteFile>> current = new HashMap<>();
    private @Nullable Long currentSnapshot;
    private final RecentDeletes recent;
    private Vectors written = Vectors.NONE;

    DeletionVectors(SnapshotIdentity identity, RecentDeletes recent) {
        this.identity = identity;
        this.recent = recent;
    }

    /**
     * What was written last.
     *
     * @param content what the vectors hold, by data file
     */
    private record Vectors(
            List<DeleteFile> added, List<DeleteFile> replaced, Map<String, PositionDeleteIndex> content) {
        static final Vectors NONE = new Vectors(List.of(), List.of(), Map.of());
    }

    @Override
    public Written write(TableView view, Collection<DeleteTarget> targets) {
        bringUpToDate(view);
        written = Vectors.NONE;
        if (targets.isEmpty()) {
            return new Written(List.of(), List.of());
        }
        Table table = view.table();
        List<DeleteFile> replaced = new ArrayList<>();
        Map<DeleteTarget, PositionDeleteIndex> vectors = new LinkedHashMap<>();
        Map<String, PositionDeleteIndex> content = new HashMap<>();
        for (DeleteTarget target : targets) {
            String path = target.file().path();
            PositionDeleteIndex positions = Deletes.toPositionIndex(CloseableIterable.empty());
            positions.merge(target.positions());
            List<DeleteFile> earlier = current.getOrDefault(path, List.of());
            if (!earlier.isEmpty()) {
                positions.merge(content(table, earlier, path));
                // A file of a table that was of version 2 before may also bear on other data files.
                earlier.stream().filter(ContentFileUtil::isFileScoped).forEach(replaced::add);
            }
            content.put(path, positions);
            vectors.put(target, positions);
        }
        written = new Vectors(writeFiles(view, vectors), replaced, content);
        return new Written(written.added(), written.replaced());
    }

    /** Side by side, as most of a small file's time is spent on waiting for the storage. */
    private List<DeleteFile> writeFiles(TableView view, Map<DeleteTarget, PositionDeleteIndex> vectors) {
        Queue<DeleteFile> files = new ConcurrentLinkedQueue<>();
        Tasks.foreach(vectors.entrySet())
                .executeWith(ThreadPools.getWorkerPool())
                .stopOnFailure()
                .run(vector -> files.addAll(writeFile(view, vector.getKey(), vector.getValue())));
        return List.copyOf(files);
    }

    private List<DeleteFile> writeFile(TableView view, DeleteTarget target, PositionDeleteIndex positions) {
        Table table = view.table();
        String location = table.locationProvider().newDataLocation(identity.newFileName("-deletes.puffin"));
        PartitionSpec spec = view.spec(target.file().specId());
        // What is written includes the earlier vector already, so the writer has nothing to load.
        BaseDVFileWriter writer = new BaseDVFileWriter(() -> table.io().newOutputFile(location), path -> nothing());
        writer.delete(target.file().path(), positions, spec, target.file().partition(spec));
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write deletion vectors of " + table.name(), e);
        }
        return writer.result().deleteFiles();
    }

    @Override
    public void landed(long snapshotId) {
        written.replaced().forEach(recent::remove);
        for (DeleteFile vector : written.added()) {
            String path = vector.referencedDataFile();
            if (path != null) {
                current.put(path, List.of(vector));
                PositionDeleteIndex positions = written.content().get(path);
                if (positions != null) {
                    recent.put(vector, Map.of(path, positions));
                }
            }
        }
        written = Vectors.NONE;
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

    private PositionDeleteIndex content(Table table, List<DeleteFile> deletes, String path) {
        Map<String, PositionDeleteIndex> known = deletes.size() == 1 ? recent.get(deletes.get(0)) : null;
        PositionDeleteIndex positions = known == null ? null : known.get(path);
        return positions == null
                ? new BaseDeleteLoader(file -> table.io().newInputFile(file)).loadPositionDeletes(deletes, path)
                : positions;
    }

    // BaseDVFileWriter takes null for "none", against its signature as NullAway sees it.
    @SuppressWarnings("NullAway")
    private static PositionDeleteIndex nothing() {
        return null;
    }
}

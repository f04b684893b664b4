package io.millrace.batch.compact.rewrite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.DeleteFileSet;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.iceberg.util.StructLikeWrapper;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Follows what is deleted in the inputs of a rewrite, from attempt to attempt: each snapshot's manifests and each delete file
 * are read once, so that an attempt costs what came since the one before it.
 */
final class DeletesFollower {
    private final Table table;
    private final RewrittenGroup group;
    private final Map<String, Integer> inputs = new HashMap<>();
    private final DeleteFileSet atStart = DeleteFileSet.create();
    private final DeleteFileSet added = DeleteFileSet.create();
    private final DeleteFileSet removed = DeleteFileSet.create();

    /** What each delete file says that is in the table now. */
    private final Map<String, Told> known = new HashMap<>();

    private long followed;

    /**
     * @param table is refreshed by whoever asks
     */
    DeletesFollower(Table table, RewrittenGroup group) {
        this.table = table;
        this.group = group;
        this.followed = group.start().snapshotId();
        for (FileScanTask task : group.inputs()) {
            inputs.put(task.file().location(), inputs.size());
            atStart.addAll(task.deletes());
        }
    }

    /**
     * What a delete file says.
     *
     * @param ofInputs deleted positions by the input's number
     * @param ofOthers deleted positions by the address of a data file that is no input
     */
    private record Told(Map<Integer, Roaring64Bitmap> ofInputs, Map<String, Roaring64Bitmap> ofOthers) {}

    /**
     * What was deleted between the start of the rewrite and a snapshot.
     *
     * @param head a snapshot of the refreshed table
     * @throws InputsGone if an input was removed, has got a row back, or the history does not lead back to the start
     */
    DeletesSince upTo(Snapshot head) throws InputsGone {
        for (Snapshot snapshot : newSnapshots(head)) {
            follow(SnapshotChanges.builderFor(table).snapshot(snapshot).build());
            followed = snapshot.snapshotId();
        }
        List<Roaring64Bitmap> positions = noPositions();
        List<DeleteFile> ofInputs = new ArrayList<>();
        List<DeletesSince.Shared> shared = new ArrayList<>();
        for (DeleteFile delete : added) {
            if (bearsOnInputs(delete) && read(delete, positions)) {
                if (ContentFileUtil.isFileScoped(delete)) {
                    ofInputs.add(delete);
                } else {
                    shared.add(new DeletesSince.Shared(delete, told(delete).ofOthers()));
                }
            }
        }
        refuseRestoredRows(positions);
        for (DeleteFile delete : atStart) {
            if (!removed.contains(delete) && ContentFileUtil.isFileScoped(delete) && bearsOnInputs(delete)) {
                ofInputs.add(delete);
            }
        }
        return new DeletesSince(positions, ofInputs, shared);
    }

    private List<Snapshot> newSnapshots(Snapshot head) throws InputsGone {
        long start = group.start().snapshotId();
        if (!SnapshotUtil.isAncestorOf(table, head.snapshotId(), followed)) {
            // Rolled back to before what has been followed.
            added.clear();
            removed.clear();
            followed = start;
        }
        if (!SnapshotUtil.isAncestorOf(table, head.snapshotId(), start)) {
            throw new InputsGone("the table's history no longer leads back to snapshot " + start);
        }
        List<Snapshot> history = new ArrayList<>();
        SnapshotUtil.ancestorsBetween(head.snapshotId(), followed, table::snapshot)
                .forEach(history::add);
        Collections.reverse(history);
        return history;
    }

    private void follow(SnapshotChanges changes) throws InputsGone {
        for (DataFile gone : changes.removedDataFiles()) {
            if (inputs.containsKey(gone.location())) {
                throw new InputsGone("another writer has replaced " + gone.location());
            }
        }
        for (DeleteFile gone : changes.removedDeleteFiles()) {
            if (added.remove(gone)) {
                // Nobody asks for it again: a writer that merges its delete files replaces them with every commit.
                known.remove(identity(gone));
            } else {
                removed.add(gone);
            }
        }
        changes.addedDeleteFiles().forEach(added::add);
    }

    /** Equality deletes do not count: they apply to the output by themselves, as it keeps the start's sequence number. */
    private boolean bearsOnInputs(DeleteFile delete) {
        if (delete.content() == FileContent.EQUALITY_DELETES) {
            return false;
        }
        String scope = ContentFileUtil.referencedDataFileLocation(delete);
        return scope == null ? inPartition(delete) : inputs.containsKey(scope);
    }

    private boolean inPartition(DeleteFile delete) {
        FileScanTask input = group.inputs().get(0);
        StructLikeWrapper wrapper = StructLikeWrapper.forType(input.spec().partitionType());
        return delete.specId() == input.spec().specId()
                && wrapper.copyFor(delete.partition()).equals(wrapper.copyFor(input.partition()));
    }

    /** Whether the file deletes rows of the inputs. */
    private boolean read(DeleteFile delete, List<Roaring64Bitmap> into) {
        Map<Integer, Roaring64Bitmap> ofInputs = told(delete).ofInputs();
        ofInputs.forEach((input, positions) -> into.get(input).or(positions));
        return !ofInputs.isEmpty();
    }

    private Told told(DeleteFile delete) {
        return known.computeIfAbsent(identity(delete), unread -> read(delete));
    }

    private Told read(DeleteFile delete) {
        Told told = new Told(new HashMap<>(), new HashMap<>());
        DeletedPositions.read(table, delete, (dataFile, position) -> {
            Integer input = inputs.get(dataFile);
            Roaring64Bitmap positions = input == null
                    ? told.ofOthers().computeIfAbsent(dataFile, first -> new Roaring64Bitmap())
                    : told.ofInputs().computeIfAbsent(input, first -> new Roaring64Bitmap());
            positions.addLong(position);
        });
        return told;
    }

    /** Several deletion vectors share one file. */
    private static String identity(DeleteFile delete) {
        return delete.location() + "#" + delete.contentOffset();
    }

    /** A delete file may be replaced by another that says as much or more; one that says less gives rows back. */
    private void refuseRestoredRows(List<Roaring64Bitmap> since) throws InputsGone {
        List<Roaring64Bitmap> before = noPositions();
        List<Roaring64Bitmap> after = noPositions();
        for (DeleteFile delete : atStart) {
            if (removed.contains(delete) && bearsOnInputs(delete)) {
                read(delete, before);
            }
        }
        if (before.stream().allMatch(Roaring64Bitmap::isEmpty)) {
            return;
        }
        for (DeleteFile delete : atStart) {
            if (!removed.contains(delete) && bearsOnInputs(delete)) {
                read(delete, after);
            }
        }
        for (int input = 0; input < before.size(); input++) {
            Roaring64Bitmap restored = before.get(input);
            restored.andNot(since.get(input));
            restored.andNot(after.get(input));
            if (!restored.isEmpty()) {
                throw new InputsGone("another writer has given rows back to "
                        + group.inputs().get(input).file().location());
            }
        }
    }

    private List<Roaring64Bitmap> noPositions() {
        List<Roaring64Bitmap> none = new ArrayList<>();
        inputs.forEach((location, input) -> none.add(new Roaring64Bitmap()));
        return none;
    }
}

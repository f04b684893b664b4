package io.millrace.iceberg.commit;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.iceberg.scan.TableView;
import io.millrace.iceberg.table.PinnedOperations;
import io.millrace.iceberg.table.SnapshotIdentity;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ContentFileParser;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.util.JsonUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings reports into one table, each exactly once, however often it is asked to.
 *
 * <p>An attempt looks at the table, plans against what it saw, and lands only if the table is still the same: there is
 * nothing to validate afterwards, and an attempt whose outcome is unknown is resolved by the next look.
 */
public final class TableCommitter<K> {
    private static final Logger LOG = LoggerFactory.getLogger(TableCommitter.class);

    private final String name;
    private final TableOperations operations;
    private final SnapshotIdentity identity;
    private final List<String> keyColumns;
    private final RowKeys<K> keys;
    private final RecentDeletes recentDeletes;
    private @Nullable DeleteFileWriter deleteFiles;
    private int deleteFilesVersion;
    private long known;

    /**
     * Prepares for a table.
     *
     * @param recentDeletes what the committers of all tables remember together
     * @param known the epoch that the table had when this job, or the checkpoint that it goes on from, last looked
     */
    public TableCommitter(
            String name,
            TableOperations operations,
            SnapshotIdentity identity,
            List<String> keyColumns,
            RowKeys<K> keys,
            RecentDeletes recentDeletes,
            long known) {
        this.name = name;
        this.operations = operations;
        this.identity = identity;
        this.keyColumns = keyColumns;
        this.keys = keys;
        this.recentDeletes = recentDeletes;
        this.known = known;
    }

    /**
     * A report with the epoch that it belongs to.
     *
     * @param epoch the epoch in which the report lands, unless a later one takes it along
     * @param run the run that made the report part of the epoch
     */
    public record EpochReport(long epoch, String run, TableReport report) {}

    /**
     * The reports are in the table.
     *
     * @param snapshotId the snapshot that brought them; -1 if it has been expired meanwhile
     * @param rowsWritten rows in new data files, 0 if they had landed before
     * @param rowsDeleted rows deleted, 0 if they had landed before
     * @param dataFiles new data files
     * @param deleteFiles new delete files
     * @param bytes size of all new files
     * @param movedRows deleted rows that were found in another file than the writer knew
     */
    public record Landed(
            long snapshotId,
            long rowsWritten,
            long rowsDeleted,
            int dataFiles,
            int deleteFiles,
            long bytes,
            int movedRows) {}

    /**
     * Makes one attempt.
     *
     * @param epoch the epoch of the newest report
     * @param reports all reports that may not have landed yet
     * @throws PinnedOperations.BaseMoved if the table moved on meanwhile: nothing has happened, try again
     * @throws EpochTaken if another job commits under this pipeline's name: trying again cannot help
     */
    public Landed attempt(long epoch, List<EpochReport> reports) {
        operations.refresh();
        PinnedOperations pinned = new PinnedOperations(operations);
        TableView view = new TableView(name, pinned, identity);
        long landed = view.landedEpoch();
        if (landed > known && reports.stream().noneMatch(report -> isThis(report, landed, view))) {
            throw new EpochTaken("Cannot commit epoch " + epoch + " of pipeline " + identity.pipeline() + " to " + name
                    + ": the table has epoch " + landed + ", which this job did not commit."
                    + " Another job writes under the same pipeline name, or did so after this one was started:"
                    + " stop it, then start this one from the newer state, or without state.");
        }
        List<TableReport> outstanding = reports.stream()
                .filter(report -> report.epoch() > landed)
                .map(EpochReport::report)
                .toList();
        if (outstanding.isEmpty()) {
            known = Math.max(known, landed);
            return new Landed(snapshotOf(view, epoch), 0, 0, 0, 0, 0, 0);
        }
        List<DataFile> dataFiles = dataFiles(view, outstanding);
        Set<String> added = new HashSet<>();
        dataFiles.forEach(file -> added.add(file.location()));
        DeleteTargets<K> targets = new DeleteTargets<>(keys, keyColumns);
        Collection<DeleteTarget> deletes = targets.resolve(view, outstanding, added);
        DeleteFileWriter writer = deleteFiles(view);
        DeleteFileWriter.Written written = writer.write(view, deletes);
        try {
            commit(pinned, view, epoch, runOf(epoch, reports), dataFiles, written);
        } catch (PinnedOperations.BaseMoved moved) {
            discard(view, written.added());
            throw moved;
        }
        Snapshot snapshot = pinned.current().currentSnapshot();
        writer.landed(snapshot.snapshotId());
        known = epoch;
        return new Landed(
                snapshot.snapshotId(),
                dataFiles.stream().mapToLong(DataFile::recordCount).sum(),
                deletes.stream()
                        .mapToLong(target -> target.positions().cardinality())
                        .sum(),
                dataFiles.size(),
                written.added().size(),
                dataFiles.stream().mapToLong(DataFile::fileSizeInBytes).sum()
                        + written.added().stream()
                                .mapToLong(DeleteFile::fileSizeInBytes)
                                .sum(),
                targets.movedRows());
    }

    private boolean isThis(EpochReport report, long landed, TableView view) {
        return report.epoch() == landed && identity.landedBy(view.metadata(), report.run());
    }

    private static String runOf(long epoch, List<EpochReport> reports) {
        return reports.stream()
                .filter(report -> report.epoch() == epoch)
                .map(EpochReport::run)
                .findFirst()
                .orElseThrow();
    }

    /** Another job has committed under this pipeline's name. */
    public static final class EpochTaken extends RuntimeException {
        EpochTaken(String message) {
            super(message);
        }
    }

    private void commit(
            PinnedOperations pinned,
            TableView view,
            long epoch,
            String run,
            List<DataFile> dataFiles,
            DeleteFileWriter.Written written) {
        Transaction transaction = Transactions.newTransaction(name, pinned, report -> {});
        RowDelta delta = transaction.newRowDelta();
        dataFiles.forEach(delta::addRows);
        written.added().forEach(delta::addDeletes);
        written.replaced().forEach(delta::removeDeletes);
        Snapshot base = view.metadata().currentSnapshot();
        if (base != null) {
            delta.validateFromSnapshot(base.snapshotId());
        }
        identity.summary(epoch).forEach(delta::set);
        delta.commit();
        var properties = transaction.updateProperties();
        identity.mark(properties, epoch, run);
        properties.commit();
        transaction.commitTransaction();
    }

    private List<DataFile> dataFiles(TableView view, List<TableReport> reports) {
        Map<Integer, PartitionSpec> specs = view.metadata().specsById();
        return reports.stream()
                .flatMap(report -> report.dataFiles().stream())
                .map(json -> dataFile(json, specs))
                .toList();
    }

    private static DataFile dataFile(String json, Map<Integer, PartitionSpec> specs) {
        try {
            return (DataFile) ContentFileParser.fromJson(JsonUtil.mapper().readTree(json), specs);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot read a data file's description from the checkpoint", e);
        }
    }

    private DeleteFileWriter deleteFiles(TableView view) {
        int version = view.metadata().formatVersion();
        if (deleteFiles == null || version != deleteFilesVersion) {
            deleteFiles = version >= 3
                    ? new DeletionVectors(identity, recentDeletes)
                    : new PositionDeleteFiles(identity, recentDeletes);
            deleteFilesVersion = version;
        }
        return deleteFiles;
    }

    private long snapshotOf(TableView view, long epoch) {
        Map<String, String> summary = identity.summary(epoch);
        return view.metadata().snapshots().stream()
                .filter(snapshot -> snapshot.summary().entrySet().containsAll(summary.entrySet()))
                .mapToLong(Snapshot::snapshotId)
                .findFirst()
                .orElse(-1);
    }

    private void discard(TableView view, List<DeleteFile> files) {
        Set<String> paths = new HashSet<>();
        files.forEach(file -> paths.add(file.location()));
        for (String path : paths) {
            try {
                view.table().io().deleteFile(path);
            } catch (RuntimeException e) {
                LOG.warn("Cannot remove {}: it stays behind as an orphan file", path, e);
            }
        }
    }
}

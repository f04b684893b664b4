package io.millrace.batch.compact.rewrite;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings rewritten groups into a table that others write to, without losing a delete.
 *
 * <p>An attempt looks at the newest snapshot, carries over what was deleted in the inputs up to it, and commits under the
 * condition that nothing more was. If something was, the next attempt looks again; the data is not read a second time.
 *
 * <pre>
 * look ──► carry over ──► commit ──► landed
 *  ▲  │                     │
 *  │  └─ inputs gone ──► given up
 *  └── deleted meanwhile, or outcome unknown ◄─┘
 * </pre>
 *
 * <p>Storage or catalog that do not answer cost an attempt each time, and a pause, but not the group.
 *
 * <p>Not thread-safe: one committer a table.
 */
public final class GroupCommitter {
    /** In the summary of each snapshot that brings a group: the rewrite's id. */
    public static final String ID = "millrace.compaction";

    private static final String CARRIED = ID + ".carried-deletes";
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitter.class);
    private static final int MOST_FAILURES = 6;
    private static final long FIRST_PAUSE_MILLIS = 1_000;

    private final BaseTable table;
    private final int maxAttempts;
    private final BooleanSupplier alive;
    private final IntConsumer beforeAttempt;

    /**
     * @param table is refreshed by each attempt; a rewrite that reads must not share it
     * @param maxAttempts after how many attempts a group is given up
     * @param alive whether no other run has taken this one for over, see {@link RunMarker#isAlive}
     */
    public GroupCommitter(Table table, int maxAttempts, BooleanSupplier alive) {
        this(table, maxAttempts, alive, attempt -> {});
    }

    /**
     * @param beforeAttempt told the attempt's number when everything is ready to be committed
     */
    GroupCommitter(Table table, int maxAttempts, BooleanSupplier alive, IntConsumer beforeAttempt) {
        if (!(table instanceof BaseTable base)) {
            throw new IllegalArgumentException("Cannot commit to " + table.name() + ": " + table.getClass()
                    + " gives no access to the table's operations. Load it from its catalog.");
        }
        this.table = base;
        this.maxAttempts = maxAttempts;
        this.alive = alive;
        this.beforeAttempt = beforeAttempt;
    }

    /**
     * Commits a group, or gives it up and deletes its files.
     *
     * @throws RuntimeException if the table could not be read or written for a minute, or if nobody knows whether it took the
     *     group, as the catalog does not answer; the group's files are then left as orphans, as a snapshot may have them
     */
    public CommitOutcome commit(RewrittenGroup group) {
        int failures = 0;
        DeletesFollower deletes = new DeletesFollower(table, group);
        CarriedDeletes carried = new CarriedDeletes(table, group);
        for (int attempt = 1; attempt <= maxAttempts; attempt++) {
            try {
                table.refresh();
                Snapshot head = table.currentSnapshot();
                Snapshot landed = head == null ? null : find(group, head);
                if (landed != null) {
                    return landed(group, landed, attempt - 1);
                }
                if (head == null) {
                    throw new InputsGone("the table is empty");
                }
                DeletesSince since = deletes.upTo(head);
                carried.follow(since);
                beforeAttempt.accept(attempt);
                replace(group, head, since, carried);
                return landed(group, Objects.requireNonNull(find(group, table.currentSnapshot())), attempt);
            } catch (GuardedOperations.Refused | InputsGone e) {
                carried.discard();
                return giveUp(group, String.valueOf(e.getMessage()), attempt);
            } catch (ValidationException | CommitFailedException e) {
                failures = 0;
                LOG.info("{}: attempt {} came too late: {}", table.name(), attempt, e.getMessage());
            } catch (RuntimeException e) {
                if (e instanceof CommitStateUnknownException) {
                    carried.abandon();
                }
                failures++;
                if (failures > MOST_FAILURES || attempt == maxAttempts) {
                    throw e;
                }
                LOG.warn("{}: attempt {} failed, looking again", table.name(), attempt, e);
                pause(failures);
            }
        }
        carried.discard();
        return giveUp(group, "others deleted rows of it during each of " + maxAttempts + " attempts", maxAttempts);
    }

    /** Twice as long with each failure: a minute in all, after hours of work. */
    private void pause(int failures) {
        try {
            TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS << (failures - 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot commit to " + table.name() + ": interrupted", e);
        }
    }

    /** After this nobody can bring the files in: the table has moved on from what the last attempt saw. */
    private CommitOutcome giveUp(RewrittenGroup group, String reason, int attempts) {
        delete(group.dataFiles());
        deleteOrigins(group);
        return new CommitOutcome.GivenUp(reason, attempts);
    }

    private void replace(RewrittenGroup group, Snapshot head, DeletesSince since, CarriedDeletes carried) {
        BaseTable guarded = new BaseTable(new GuardedOperations(table, group, alive), table.name());
        RewriteFiles rewrite = guarded.newRewrite()
                .validateFromSnapshot(head.snapshotId())
                .dataSequenceNumber(group.start().sequenceNumber());
        group.inputs().forEach(input -> rewrite.deleteFile(input.file()));
        group.dataFiles().forEach(rewrite::addFile);
        since.ofInputs().forEach(rewrite::deleteFile);
        carried.files().forEach(rewrite::addFile);
        carried.emptied().forEach(rewrite::deleteFile);
        carried.remainders().forEach((shared, remainder) -> {
            rewrite.deleteFile(shared);
            rewrite.addFile(remainder, shared.dataSequenceNumber());
        });
        rewrite.set(ID, group.id());
        rewrite.set(CARRIED, Long.toString(carried.rows()));
        rewrite.commit();
    }

    private CommitOutcome landed(RewrittenGroup group, Snapshot snapshot, int attempts) {
        deleteOrigins(group);
        long carried = PropertyUtil.propertyAsLong(snapshot.summary(), CARRIED, 0);
        return new CommitOutcome.Landed(snapshot.snapshotId(), carried, attempts);
    }

    /** The snapshot that brought the group, if an earlier attempt landed without an answer. */
    private @Nullable Snapshot find(RewrittenGroup group, Snapshot head) {
        for (Snapshot snapshot : SnapshotUtil.ancestorsOf(head.snapshotId(), table::snapshot)) {
            if (group.id().equals(snapshot.summary().get(ID))) {
                return snapshot;
            }
            if (snapshot.snapshotId() == group.start().snapshotId()) {
                return null;
            }
        }
        return null;
    }

    private void delete(List<? extends ContentFile<?>> files) {
        files.forEach(file -> delete(file.location()));
    }

    private void deleteOrigins(RewrittenGroup group) {
        group.outputs().forEach(output -> delete(output.origins()));
    }

    private void delete(String location) {
        try {
            table.io().deleteFile(location);
        } catch (RuntimeException e) {
            LOG.warn("Cannot delete {}: it is removed as an orphan later", location, e);
        }
    }
}

package io.millrace.batch.compact.rewrite;

import io.millrace.batch.ForwardingOperations;
import java.util.function.BooleanSupplier;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * A table's operations that let no commit of a rewrite through once another run has taken this one for over, and none which
 * takes equality deletes away that were added after the rewrite began.
 *
 * <p>Equality deletes that are newer still apply to the rewrite's output. But Iceberg (1.11.0) drops delete files that are older than every data file
 * that stays, and forgets that the data files which the same commit adds may be older still, as they keep the sequence number
 * of the rewrite's start.
 */
final class GuardedOperations extends ForwardingOperations {
    private final Table table;
    private final RewrittenGroup group;
    private final BooleanSupplier alive;

    /**
     * @param alive whether no other run has taken this one for over; asked before every swap
     */
    GuardedOperations(BaseTable table, RewrittenGroup group, BooleanSupplier alive) {
        super(table.operations());
        this.table = table;
        this.group = group;
        this.alive = alive;
    }

    /** Trying again would not help. */
    static final class Refused extends ValidationException {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super("%s", reason);
        }
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
        if (!alive.getAsBoolean()) {
            throw new Refused("another run has taken this one for over");
        }
        Snapshot added = metadata.currentSnapshot();
        for (DeleteFile removed :
                SnapshotChanges.builderFor(table).snapshot(added).build().removedDeleteFiles()) {
            if (removed.content() == FileContent.EQUALITY_DELETES
                    && removed.dataSequenceNumber() > group.start().sequenceNumber()) {
                throw new Refused("the commit would drop equality deletes that still apply: " + removed.location());
            }
        }
        try {
            super.commit(base, metadata);
        } catch (CommitStateUnknownException unknown) {
            throw unknown;
        } catch (CommitFailedException refused) {
            if (!landed(added)) {
                throw refused;
            }
        } catch (RuntimeException lost) {
            // A lost connection, say. Whatever it was: files that a snapshot may have are not to be cleaned up.
            throw new CommitStateUnknownException(lost);
        }
    }

    /**
     * Whether a refused commit has landed all the same: the JDBC catalog's client asks again when an answer is lost, and is then
     * refused because its first request has succeeded. To clean up after that would destroy the table.
     */
    private boolean landed(Snapshot added) {
        try {
            return refresh().snapshot(added.snapshotId()) != null;
        } catch (RuntimeException away) {
            throw new CommitStateUnknownException(away);
        }
    }
}

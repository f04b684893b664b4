package io.millrace.iceberg.table;

import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;

/**
 * Operations that stand on one metadata version: a commit succeeds if the table is still at it, and is not tried again on
 * another. What was planned against the version is therefore true in the snapshot that the commit makes.
 */
public final class PinnedOperations implements TableOperations {
    private final TableOperations table;
    private final TableMetadata base;
    private @Nullable TableMetadata committed;

    public PinnedOperations(TableOperations table) {
        this.table = table;
        this.base = table.current();
    }

    /** The table has moved on since the commit was planned; the commit has certainly not happened. */
    public static final class BaseMoved extends RuntimeException implements CleanableFailure {
        BaseMoved(CommitFailedException cause) {
            super("Cannot commit to a table that has moved on", cause);
        }
    }

    @Override
    public TableMetadata current() {
        return committed == null ? base : committed;
    }

    @Override
    public TableMetadata refresh() {
        return current();
    }

    @Override
    public void commit(TableMetadata from, TableMetadata to) {
        try {
            table.commit(from, to);
        } catch (CommitFailedException refused) {
            if (!landed(from, to)) {
                throw new BaseMoved(refused);
            }
        }
        committed = to;
    }

    /**
     * Whether a commit that was refused has landed all the same: a catalog's client that gets no answer may ask again by
     * itself (Iceberg's JDBC catalog does), and is then refused because its first request has succeeded. To take that for a
     * failure would remove the manifests of a snapshot that the table has.
     */
    private boolean landed(TableMetadata from, TableMetadata to) {
        TableMetadata now;
        try {
            now = table.refresh();
        } catch (RuntimeException away) {
            throw new CommitStateUnknownException(away);
        }
        Snapshot added = to.currentSnapshot();
        if (added != null && now.snapshot(added.snapshotId()) != null) {
            return true;
        }
        // The snapshot may have been expired already; what the commit set besides it stays.
        Map<String, String> set = new HashMap<>(to.properties());
        set.entrySet().removeAll(from.properties().entrySet());
        return !set.isEmpty() && now.properties().entrySet().containsAll(set.entrySet());
    }

    @Override
    public FileIO io() {
        return table.io();
    }

    @Override
    public EncryptionManager encryption() {
        return table.encryption();
    }

    @Override
    public String metadataFileLocation(String fileName) {
        return table.metadataFileLocation(fileName);
    }

    @Override
    public LocationProvider locationProvider() {
        return LocationProviders.locationsFor(base.location(), base.properties());
    }

    @Override
    public TableOperations temp(TableMetadata uncommitted) {
        return table.temp(uncommitted);
    }

    @Override
    public long newSnapshotId() {
        return table.newSnapshotId();
    }

    @Override
    public boolean requireStrictCleanup() {
        return table.requireStrictCleanup();
    }
}

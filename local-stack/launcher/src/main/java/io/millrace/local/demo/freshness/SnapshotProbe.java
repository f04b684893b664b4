package io.millrace.local.demo.freshness;

import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/** Finds the row versions that an Iceberg table's snapshots have made visible, by the data files that each one added. */
final class SnapshotProbe {
    private static final String UPDATED_AT = "updated_at";

    private final Catalog catalog;
    private final TableIdentifier identifier;
    private final String name;
    private final Freshness freshness;
    private @Nullable Table table;
    private @Nullable Long lastSeen;

    SnapshotProbe(Catalog catalog, TableIdentifier identifier, String name, Freshness freshness) {
        this.catalog = catalog;
        this.identifier = identifier;
        this.name = name;
        this.freshness = freshness;
    }

    /** Looks once. */
    void look() throws IOException {
        Table known = table;
        if (known == null) {
            try {
                known = catalog.loadTable(identifier);
                table = known;
            } catch (NoSuchTableException notYet) {
                return;
            }
        } else {
            known.refresh();
        }
        Instant now = Instant.now();
        Snapshot current = known.currentSnapshot();
        if (current == null || Long.valueOf(current.snapshotId()).equals(lastSeen)) {
            return;
        }
        for (Snapshot snapshot : newSnapshots(known, current)) {
            // A compaction writes rows again that were visible before.
            if (!snapshot.operation().equals(DataOperations.REPLACE)) {
                for (DataFile file : SnapshotChanges.builderFor(known)
                        .snapshot(snapshot)
                        .build()
                        .addedDataFiles()) {
                    read(known, file, now);
                }
            }
            lastSeen = snapshot.snapshotId();
        }
    }

    private List<Snapshot> newSnapshots(Table known, Snapshot current) {
        List<Snapshot> snapshots = new ArrayList<>();
        SnapshotUtil.ancestorsBetween(current.snapshotId(), lastSeen, known::snapshot)
                .forEach(snapshots::add);
        Collections.reverse(snapshots);
        return snapshots;
    }

    private void read(Table known, DataFile file, Instant now) throws IOException {
        Schema column = known.schema().select(UPDATED_AT);
        try (CloseableIterable<Record> records = FormatModelRegistry.<Record, Object>readBuilder(
                        file.format(), Record.class, known.io().newInputFile(file.location()))
                .project(column)
                .build()) {
            for (Record record : records) {
                if (record.get(0) instanceof OffsetDateTime updatedAt) {
                    freshness.seen(name, updatedAt.toInstant(), now);
                }
            }
        }
    }
}

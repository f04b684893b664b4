package io.millrace.local.reconcile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The rows of an Iceberg table's current snapshot, as any reader of the table gets them. */
final class IcebergRows implements RowsOfTable {
    private final Table iceberg;
    private final ComparedTable table;
    private @Nullable Found last;

    /** What was found at a snapshot: it does not change while the snapshot does not. */
    private record Found(long snapshotId, Map<String, List<ComparedRow>> rows) {}

    IcebergRows(Table iceberg, ComparedTable table) {
        this.iceberg = iceberg;
        this.table = table;
    }

    @Override
    public void scan(Consumer<ComparedRow> rows) {
        iceberg.refresh();
        if (iceberg.currentSnapshot() == null) {
            return;
        }
        List<Types.NestedField> fields = iceberg.schema().columns();
        try (CloseableIterable<Record> records = IcebergGenerics.read(iceberg).build()) {
            for (Record record : records) {
                rows.accept(read(record, fields));
            }
        } catch (IOException e) {
            throw new ReconcileProblem("Cannot read Iceberg table " + iceberg.name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById) {
        iceberg.refresh();
        Snapshot snapshot = iceberg.currentSnapshot();
        if (snapshot == null) {
            return Map.of();
        }
        Found known = last;
        if (known != null
                && known.snapshotId() == snapshot.snapshotId()
                && known.rows().keySet().containsAll(keysById.keySet())) {
            return known.rows();
        }
        Map<String, List<ComparedRow>> found = new HashMap<>();
        keysById.keySet().forEach(id -> found.put(id, new ArrayList<>()));
        scan(row -> {
            List<ComparedRow> rows = found.get(row.id());
            if (rows != null) {
                rows.add(row);
            }
        });
        last = new Found(snapshot.snapshotId(), found);
        return found;
    }

    private ComparedRow read(Record record, List<Types.NestedField> fields) {
        @Nullable String[] values = new @Nullable String[table.columns().size()];
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.get(i).name();
            int place = table.indexOf(name);
            if (place >= 0) {
                values[place] =
                        IcebergValue.canonical(table.columns().get(place).type(), record.get(i));
            }
        }
        List<@Nullable String> list = new ArrayList<>(java.util.Arrays.asList(values));
        return new ComparedRow(table.id(list), list);
    }
}

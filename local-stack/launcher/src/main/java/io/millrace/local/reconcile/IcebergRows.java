package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericDeleteFilter;
import org.apache.iceberg.data.IdentityPartitionConverters;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.PartitionUtil;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an Iceberg table, as any reader of the table gets them; none while the table is not made yet, which its first
 * row does. Files are read beside each other, as many as there are processors.
 */
final class IcebergRows implements RowsOfTable {
    private static final int MOST_KEYS_TO_LOOK_FOR = 1_000;

    private final Catalog catalog;
    private final TableIdentifier identifier;
    private final ComparedTable table;
    private final AtomicLong bytesRead = new AtomicLong();
    private @Nullable Table loaded;
    private @Nullable Found last;

    /** What was found at a snapshot: it does not change while the snapshot does not. */
    private record Found(long snapshotId, Map<String, List<ComparedRow>> rows) {}

    IcebergRows(Catalog catalog, TableIdentifier identifier, ComparedTable table) {
        this.catalog = catalog;
        this.identifier = identifier;
        this.table = table;
    }

    @Override
    public TableView open() {
        return new View(load());
    }

    @Override
    public long bytesRead() {
        return bytesRead.get();
    }

    @Override
    public Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById) {
        View view = new View(load());
        if (view.snapshot == null) {
            return Map.of();
        }
        long snapshotId = view.snapshot.snapshotId();
        Found known = last;
        if (known != null
                && known.snapshotId() == snapshotId
                && known.rows().keySet().containsAll(keysById.keySet())) {
            return known.rows();
        }
        Map<String, List<ComparedRow>> found = new HashMap<>();
        keysById.keySet().forEach(id -> found.put(id, new ArrayList<>()));
        view.scan(mayHold(view.schema(), keysById.values()), row -> {
            List<ComparedRow> rows = found.get(row.id());
            if (rows != null) {
                rows.add(row);
            }
        });
        last = new Found(snapshotId, found);
        return found;
    }

    private @Nullable Table load() {
        Table table = loaded;
        if (table != null) {
            table.refresh();
            return table;
        }
        try {
            loaded = catalog.loadTable(identifier);
        } catch (NoSuchTableException e) {
            return null;
        }
        return loaded;
    }

    /** What rows of some keys satisfy, so that files without any are left out: by the first key column, if it is simple. */
    private Expression mayHold(Schema schema, Collection<List<String>> keys) {
        SourceColumn first = table.keyColumns().get(0);
        Types.NestedField field = schema.findField(first.name());
        if (field == null || keys.size() > MOST_KEYS_TO_LOOK_FOR) {
            return Expressions.alwaysTrue();
        }
        List<Object> values = new ArrayList<>();
        for (List<String> key : keys) {
            String text = key.get(0);
            try {
                if (first.type() == Scalar.INTEGER && field.type().typeId() == Type.TypeID.LONG) {
                    values.add(Long.valueOf(text));
                } else if (first.type() == Scalar.INTEGER && field.type().typeId() == Type.TypeID.INTEGER) {
                    values.add(Integer.valueOf(text));
                } else if (field.type().typeId() == Type.TypeID.STRING
                        && (first.type() == Scalar.TEXT || first.type() == Scalar.UUID)) {
                    values.add(text);
                } else {
                    return Expressions.alwaysTrue();
                }
            } catch (NumberFormatException e) {
                // Another side has a key that no row of this table can have: there is nothing to look for.
            }
        }
        return values.isEmpty() ? Expressions.alwaysFalse() : Expressions.in(field.name(), values.toArray());
    }

    /** A snapshot. */
    private final class View implements TableView {
        private final @Nullable Table iceberg;
        private final @Nullable Snapshot snapshot;

        View(@Nullable Table iceberg) {
            this.iceberg = iceberg;
            this.snapshot = iceberg == null ? null : iceberg.currentSnapshot();
        }

        @Override
        public long estimatedRows() {
            return snapshot == null
                    ? 0
                    : Long.parseLong(snapshot.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"));
        }

        /** The columns as they are now, not as they were at the snapshot: that is how they are compared. */
        Schema schema() {
            return iceberg == null ? new Schema() : iceberg.schema();
        }

        @Override
        public void scan(BucketSet buckets, Consumer<ComparedRow> rows) {
            scan(Expressions.alwaysTrue(), rows);
        }

        void scan(Expression filter, Consumer<ComparedRow> rows) {
            read(filter, () -> row -> {
                synchronized (rows) {
                    rows.accept(row);
                }
            });
        }

        @Override
        public BucketChecksums checksums(Buckets buckets) {
            BucketChecksums all = new BucketChecksums(buckets);
            List<BucketChecksums> ofFiles = new ArrayList<>();
            read(Expressions.alwaysTrue(), () -> {
                BucketChecksums own = new BucketChecksums(buckets);
                synchronized (ofFiles) {
                    ofFiles.add(own);
                }
                return row -> own.add(table.keyDigest(row), table.digest(row));
            });
            ofFiles.forEach(all::add);
            return all;
        }

        /** Reads the files, each with a consumer of its own. */
        private void read(Expression filter, Supplier<Consumer<ComparedRow>> consumers) {
            Table from = iceberg;
            if (from == null || snapshot == null) {
                return;
            }
            List<FileScanTask> files = new ArrayList<>();
            try (CloseableIterable<FileScanTask> tasks = from.newScan()
                    .useSnapshot(snapshot.snapshotId())
                    .filter(filter)
                    .planFiles()) {
                tasks.forEach(files::add);
            } catch (IOException e) {
                throw failure(e);
            }
            Concurrently.all(files, Runtime.getRuntime().availableProcessors(), file -> {
                read(from, file, filter, consumers.get());
                return file;
            });
        }

        private void read(Table from, FileScanTask file, Expression filter, Consumer<ComparedRow> rows) {
            FileIO io = new CountedFiles(from.io(), bytesRead);
            Schema wanted = new Schema(schema().columns().stream()
                    .filter(field -> table.indexOf(field.name()) >= 0)
                    .toList());
            GenericDeleteFilter deletes = new GenericDeleteFilter(io, file, schema(), wanted);
            try (CloseableIterable<Record> records = deletes.filter(FormatModelRegistry.<Record, Object>readBuilder(
                            file.file().format(), Record.class, io.newInputFile(file.file()))
                    .project(deletes.requiredSchema())
                    .idToConstant(PartitionUtil.constantsMap(file, IdentityPartitionConverters::convertConstant))
                    .filter(filter)
                    .split(file.start(), file.length())
                    .build())) {
                for (Record record : records) {
                    rows.accept(row(record, wanted.columns()));
                }
            } catch (IOException e) {
                throw failure(e);
            }
        }

        private ReconcileProblem failure(IOException e) {
            return new ReconcileProblem("Cannot read Iceberg table " + identifier + ": " + e.getMessage(), e);
        }

        private ComparedRow row(Record record, List<Types.NestedField> fields) {
            @Nullable String[] values = new @Nullable String[table.columns().size()];
            for (int i = 0; i < fields.size(); i++) {
                int place = table.indexOf(fields.get(i).name());
                values[place] =
                        IcebergValue.canonical(table.columns().get(place).type(), record.get(i));
            }
            return table.row(Arrays.asList(values));
        }

        @Override
        public String moment() {
            return snapshot == null ? "none" : Long.toString(snapshot.snapshotId());
        }

        @Override
        public void close() {
            // A snapshot needs no closing.
        }
    }
}

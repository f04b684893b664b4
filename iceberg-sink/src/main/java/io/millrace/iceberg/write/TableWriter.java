package io.millrace.iceberg.write;

import io.millrace.iceberg.ChangeReader;
import io.millrace.iceberg.Rejection;
import io.millrace.iceberg.UpsertTable;
import io.millrace.iceberg.commit.EpochLine;
import io.millrace.iceberg.commit.TableReport;
import io.millrace.iceberg.index.DataFileRef;
import io.millrace.iceberg.index.FileNumbers;
import io.millrace.iceberg.index.FileTable;
import io.millrace.iceberg.index.KeyIndex;
import io.millrace.iceberg.index.RowLocation;
import io.millrace.iceberg.scan.TableView;
import io.millrace.iceberg.table.PinnedOperations;
import io.millrace.iceberg.table.RowLayout;
import io.millrace.iceberg.table.SchemaPlan;
import io.millrace.iceberg.table.SnapshotIdentity;
import io.millrace.iceberg.table.TableMaker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.iceberg.ContentFileParser;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one table's changes of one subtask: buffers them, resolves each against the index, appends rows to data files,
 * and reports files and deleted rows at each checkpoint. Knows nothing of Flink but the key's serializer.
 *
 * <pre>
 * open ──► (upsert | delete | flush)* ──► report ──► refresh ──► state ──► (upsert …
 * </pre>
 */
public final class TableWriter<K> implements OpenFiles.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(TableWriter.class);
    private static final int LAYOUTS = 100;

    private final UpsertTable definition;
    private final String name;
    private final Set<String> keyColumns;
    private final TableMaker maker;
    private final SnapshotIdentity identity;
    private final OpenFiles openFiles;
    private final FileNumbers numbers;
    private final KeyIndex<K> index;
    private final IndexRefresh<K> refresh;
    private final WriterCounters counters;

    private final FileTable files = new FileTable();
    private final Set<Long> foreignNumbers = new HashSet<>();
    private final ChangeBuffer<K> buffer = new ChangeBuffer<>();
    private final DeletedRows<K> deleted;
    private final List<String> closedFiles = new ArrayList<>();
    private final Map<Schema, Layout> layouts = new IdentityHashMap<>();
    private @Nullable Table table;
    private EpochLine line = new EpochLine(0, false);
    private long indexedThrough;

    /** What the writers of a subtask share. */
    public record Shared<K>(
            TableMaker maker,
            String pipeline,
            OpenFiles openFiles,
            FileNumbers numbers,
            KeyIndex<K> index,
            TypeSerializer<K> keySerializer,
            WriterCounters counters) {}

    public TableWriter(UpsertTable definition, ChangeReader<?, K> reader, Shared<K> shared) {
        this.definition = definition;
        this.name = definition.identifier().toString();
        this.keyColumns = Set.copyOf(definition.keyColumns());
        this.maker = shared.maker();
        this.identity = new SnapshotIdentity(shared.pipeline(), name);
        this.openFiles = shared.openFiles();
        this.numbers = shared.numbers();
        this.index = shared.index();
        this.counters = shared.counters();
        this.deleted = new DeletedRows<>(shared.keySerializer());
        this.refresh = new IndexRefresh<>(
                index,
                files,
                numbers,
                (keySchema, keyValues) -> reader.keyOf(definition.identifier(), keySchema, keyValues),
                definition.keyColumns());
    }

    private sealed interface Layout {
        record Known(RowLayout layout) implements Layout {}

        record Refused(String message) implements Layout {}
    }

    /**
     * Takes up the work: from state, or from the table as it is.
     *
     * @param states this table's states of all subtasks; empty if there are none
     * @param keeper whether this subtask has to remember a restored file number, so that exactly one does
     * @param restoredCheckpoint the checkpoint that the states are from, or 0
     */
    public void open(List<TableState> states, java.util.function.LongPredicate keeper, long restoredCheckpoint) {
        table = maker.load(definition);
        TableView view = table == null ? null : view(table);
        long landed = view == null ? 0 : view.landedEpoch();
        line = states.isEmpty()
                ? EpochLine.begin(landed, restoredCheckpoint)
                : EpochLine.resume(states.get(0).epochOffset(), landed, restoredCheckpoint);
        if (line.rebuild()) {
            if (view != null) {
                long started = System.nanoTime();
                long keys = refresh.rebuild(view);
                indexedThrough = view.sequenceNumber();
                counters.refreshed(keys);
                LOG.info(
                        "Built the index of {} from the table: {} keys in {} ms",
                        name,
                        keys,
                        (System.nanoTime() - started) / 1_000_000);
            }
            return;
        }
        for (TableState state : states) {
            state.files().forEach((number, file) -> {
                files.put(number, file.file(), file.checkpoint());
                if (!keeper.test(number)) {
                    foreignNumbers.add(number);
                }
            });
        }
        indexedThrough =
                states.stream().mapToLong(TableState::indexedThrough).min().orElse(0);
        if (view != null) {
            follow(view);
        }
    }

    /** Takes a row; returns why not, if it does not fit the table. */
    public <T> @Nullable Rejection upsert(K key, ChangeReader<T, K> reader, T change) {
        Layout layout = layout(reader.schema(change));
        if (layout instanceof Layout.Refused refused) {
            return rejection(Rejection.Reason.INCOMPATIBLE_SCHEMA, refused.message());
        }
        RowLayout.Outcome outcome = ((Layout.Known) layout).layout().row(reader, change);
        if (outcome instanceof RowLayout.Fitting fitting) {
            buffer.upsert(key, fitting.row(), fitting.bytes());
            return null;
        }
        return outcome instanceof RowLayout.KeyMissing missing
                ? rejection(Rejection.Reason.MISSING_KEY, missing.message())
                : rejection(Rejection.Reason.INVALID_VALUE, ((RowLayout.Unfit) outcome).message());
    }

    private Rejection rejection(Rejection.Reason reason, String message) {
        return new Rejection(definition.identifier(), reason, message);
    }

    /** Takes the news that a row is gone. */
    public void delete(K key) {
        if (table != null) {
            buffer.delete(key);
        }
    }

    /** The memory that changes not yet written out take, estimated. */
    public long bufferedBytes() {
        return buffer.bytes();
    }

    private Layout layout(Schema change) {
        Layout known = layouts.get(change);
        if (known == null) {
            if (layouts.size() >= LAYOUTS) {
                layouts.clear();
            }
            known = newLayout(change);
            layouts.put(change, known);
        }
        return known;
    }

    private Layout newLayout(Schema change) {
        Table existing = table;
        if (existing == null) {
            try {
                existing = meet(change);
            } catch (IllegalArgumentException refused) {
                return new Layout.Refused(String.valueOf(refused.getMessage()));
            }
        }
        if (!(SchemaPlan.of(existing.schema(), change, keyColumns, definition.renames()) instanceof SchemaPlan.Fits)) {
            // What is buffered and open has the shape of the schema so far, which is about to change or to be looked
            // up.
            flush();
            openFiles.close(name);
            layouts.clear();
        }
        return maker.fit(existing, change, keyColumns, definition.renames())
                        instanceof SchemaPlan.Incompatible incompatible
                ? new Layout.Refused(incompatible.message())
                : new Layout.Known(new RowLayout(existing.schema(), change, keyColumns, definition.renames()));
    }

    private Table meet(Schema change) {
        Table met = maker.load(definition);
        if (met == null) {
            met = maker.create(definition, change);
        }
        table = met;
        // Somebody else may have made it, with rows in it.
        follow(view(met));
        return met;
    }

    /** Writes out what is buffered. */
    public void flush() {
        if (buffer.isEmpty()) {
            return;
        }
        Table current = table();
        RowOrder<K> rows = new RowOrder<>(current.spec(), current.schema(), definition.keyColumns());
        Relocations<K> relocations = new Relocations<>(index, buffer.size());
        buffer.drain((key, row) -> {
            if (row.isPresent()) {
                rows.add(key, row.get());
            } else {
                relocations.remove(key);
            }
        });
        rows.forEach((partition, tickets) -> append(partition, tickets, relocations));
        relocations.apply(this::deleteAt);
    }

    private void append(PartitionKey partition, List<RowOrder.Ticket<K>> rows, Relocations<K> relocations) {
        OpenFiles.OpenFile file = openFiles.file(this, partition);
        for (RowOrder.Ticket<K> ticket : rows) {
            if (openFiles.full(this, file)) {
                file = openFiles.file(this, partition);
            }
            relocations.put(ticket.key(), file.number(), file.append(ticket.row()));
        }
    }

    private void deleteAt(K key, @Nullable RowLocation earlier) {
        FileTable.@Nullable Entry file = earlier == null ? null : files.get(earlier.file());
        if (earlier == null || file == null) {
            counters.missed();
            return;
        }
        counters.hit();
        deleted.add(file, earlier, key);
    }

    /** Writes out and closes everything and hands over what has happened since the last report. */
    public TableReport report(long checkpoint) {
        flush();
        openFiles.close(name);
        files.report(checkpoint);
        TableReport report = new TableReport(name, indexedThrough, List.copyOf(closedFiles), deleted.drain());
        closedFiles.clear();
        return report;
    }

    /**
     * Reads the table's newest metadata, but does nothing about it; safe beside the same call on other tables. To be
     * called right after a report, when nothing is open. A catalog that does not answer is no failure: the index then
     * follows later, and until then the committer finds rows that have been moved.
     */
    public void lookAgain() {
        if (table == null) {
            return;
        }
        try {
            table.refresh();
        } catch (RuntimeException away) {
            LOG.warn("Cannot look whether others have changed {}; it is tried again later: {}", name, away.toString());
            LOG.debug("Cannot look at {}", name, away);
        }
    }

    /** Follows what others have done to the table as of the last look. */
    public void follow() {
        if (table != null) {
            layouts.clear();
            follow(view(table));
        }
    }

    private void follow(TableView view) {
        if (view.foreignSince(indexedThrough)) {
            long moved = refresh.follow(view, indexedThrough, line);
            counters.refreshed(moved);
            LOG.info("Others have changed {}: {} keys have a new location", name, moved);
        }
        indexedThrough = view.sequenceNumber();
    }

    /** What must outlive this process. */
    public TableState state(long checkpoint) {
        Map<Long, TableState.KnownFile> kept = new HashMap<>();
        files.forEach((number, entry) -> {
            if (!foreignNumbers.contains(number)) {
                kept.put(number, new TableState.KnownFile(entry.file(), entry.checkpoint()));
            }
        });
        return new TableState(name, checkpoint, line.offset(), indexedThrough, numbers.bound(), kept);
    }

    private TableView view(Table current) {
        return new TableView(name, new PinnedOperations(((HasTableOperations) current).operations()), identity);
    }

    @Override
    public Table table() {
        return Objects.requireNonNull(table, "a table exists before its first row is written");
    }

    @Override
    public String tableName() {
        return name;
    }

    /**
     * Key columns have bounds in every file, so that a look-up by key skips files: also those beyond the first hundred
     * columns, and in tables that somebody else has made. What the table says of such a column stays as it says.
     */
    @Override
    public MetricsConfig metrics() {
        Table current = table();
        Map<String, String> properties = new HashMap<>(current.properties());
        for (String column : definition.keyColumns()) {
            properties.putIfAbsent(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + column, "full");
        }
        return MetricsConfig.from(properties, current.schema(), current.sortOrder());
    }

    @Override
    public SnapshotIdentity identity() {
        return identity;
    }

    @Override
    public long opened(DataFileRef file) {
        long number = numbers.take();
        files.put(number, file, FileTable.UNREPORTED);
        return number;
    }

    @Override
    public void closed(DataFile file) {
        PartitionSpec spec = Objects.requireNonNull(table().specs().get(file.specId()), "the spec just written with");
        closedFiles.add(ContentFileParser.toJson(file, spec));
    }
}

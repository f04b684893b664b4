package io.millrace.iceberg.flink;

import io.millrace.iceberg.CatalogLoader;
import io.millrace.iceberg.ChangeReader;
import io.millrace.iceberg.CommittedEpoch;
import io.millrace.iceberg.TableDiscovery;
import io.millrace.iceberg.UpsertTable;
import io.millrace.iceberg.commit.CommitQueue;
import io.millrace.iceberg.commit.CommitRetry;
import io.millrace.iceberg.commit.CommitSchedule;
import io.millrace.iceberg.commit.EpochLine;
import io.millrace.iceberg.commit.RecentDeletes;
import io.millrace.iceberg.commit.RowKeys;
import io.millrace.iceberg.commit.TableCommitter;
import io.millrace.iceberg.commit.WriterReport;
import io.millrace.iceberg.table.DiscoveredTables;
import io.millrace.iceberg.table.SnapshotIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.ExceptionUtils;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.util.ThreadPools;

/**
 * The one committer: keeps reports until their checkpoint is complete, then brings each table's into one snapshot. All of
 * it survives in operator state; what has landed is read from the tables.
 */
public final class UpsertCommitterOperator<K> extends AbstractStreamOperator<CommittedEpoch>
        implements OneInputStreamOperator<WriterReport, CommittedEpoch> {
    private static final int MOST_COMMITS_AT_ONCE = 8;

    private final Settings<K> settings;

    private transient CommitQueue queue;
    private transient Map<String, Restored> restored;
    private transient Map<String, TableTask<K>> tasks;
    private transient Catalog catalog;
    private transient DiscoveredTables discovered;
    private transient ExecutorService pool;
    private transient CommitRetry retry;
    private transient CommitSchedule schedule;
    private transient CommitMetrics metrics;
    private transient RecentDeletes recentDeletes;
    private transient ListState<byte[]> queueState;
    private transient ListState<byte[]> epochState;
    private transient String run;
    private transient boolean ended;
    private transient long restoredCheckpoint;

    /** What the committer is told when the job is built. */
    public record Settings<K>(
            ChangeReader<?, K> reader,
            TypeSerializer<K> keySerializer,
            CatalogLoader catalog,
            String pipeline,
            List<UpsertTable> tables,
            @org.jspecify.annotations.Nullable TableDiscovery discovery,
            Duration commitTimeout,
            Duration commitInterval)
            implements java.io.Serializable {}

    /**
     * What a checkpoint says of a table.
     *
     * @param offset see {@link EpochLine}
     * @param known the last epoch that had landed
     */
    private record Restored(long offset, long known) {}

    private static final class TableTask<K> {
        private final UpsertTable definition;
        private final EpochLine line;
        private long known;
        private @org.jspecify.annotations.Nullable TableCommitter<K> committer;

        private TableTask(UpsertTable definition, EpochLine line, long known) {
            this.definition = definition;
            this.line = line;
            this.known = known;
        }
    }

    @SuppressWarnings({"NullAway.Init", "this-escape", "deprecation"})
    public UpsertCommitterOperator(Settings<K> settings) {
        this.settings = settings;
        setChainingStrategy(ChainingStrategy.NEVER);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        queueState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("reports", BytePrimitiveArraySerializer.INSTANCE));
        epochState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("epochs", BytePrimitiveArraySerializer.INSTANCE));
        queue = new CommitQueue();
        restored = new HashMap<>();
        run = UUID.randomUUID().toString();
        for (byte[] bytes : queueState.get()) {
            DataInputDeserializer in = new DataInputDeserializer(bytes);
            long checkpoint = in.readLong();
            String by = in.readUTF();
            WriterReport.read(in).tables().forEach(table -> queue.add(new CommitQueue.Queued(checkpoint, by, table)));
        }
        for (byte[] bytes : epochState.get()) {
            DataInputDeserializer in = new DataInputDeserializer(bytes);
            restored.put(in.readUTF(), new Restored(in.readLong(), in.readLong()));
            restoredCheckpoint = in.readLong();
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        catalog = settings.catalog().load();
        retry = new CommitRetry(settings.commitTimeout(), InstantSource.system(), UpsertCommitterOperator::pause);
        pool = ThreadPools.newFixedThreadPool(
                "iceberg-upsert-commit",
                settings.discovery() != null
                        ? MOST_COMMITS_AT_ONCE
                        : Math.min(MOST_COMMITS_AT_ONCE, settings.tables().size()));
        recentDeletes = new RecentDeletes();
        schedule = new CommitSchedule(settings.commitInterval());
        metrics = new CommitMetrics(getMetricGroup());
        tasks = new HashMap<>();
        discovered = new DiscoveredTables(catalog, settings.discovery());
        List<UpsertTable> tables = new ArrayList<>(settings.tables());
        tables.addAll(discovered.all());
        for (UpsertTable table : tables) {
            tasks.put(table.identifier().toString(), task(table));
        }
        // A restored checkpoint is complete, whether or not its commits were made.
        commit(restoredCheckpoint);
    }

    private TableTask<K> task(UpsertTable table) {
        String name = table.identifier().toString();
        long landed = landedEpoch(table.identifier());
        Restored before = restored.get(name);
        if (before == null) {
            return new TableTask<>(table, EpochLine.begin(landed, restoredCheckpoint), landed);
        }
        EpochLine line = EpochLine.resume(before.offset(), landed, restoredCheckpoint);
        if (!line.rebuild()) {
            return new TableTask<>(table, line, before.known());
        }
        LOG.warn(
                "{} has epoch {} of pipeline {}, beyond the restored checkpoint {}: the job was taken back to an"
                        + " older state. What that checkpoint still had to commit is taken to have landed since.",
                name,
                landed,
                settings.pipeline(),
                restoredCheckpoint);
        queue.landed(name, restoredCheckpoint);
        return new TableTask<>(table, line, landed);
    }

    private long landedEpoch(TableIdentifier table) {
        try {
            TableMetadata metadata = operations(table).current();
            return new SnapshotIdentity(settings.pipeline(), table.toString()).landedEpoch(metadata);
        } catch (NoSuchTableException notYet) {
            return 0;
        }
    }

    private TableOperations operations(TableIdentifier table) {
        return ((HasTableOperations) catalog.loadTable(table)).operations();
    }

    @Override
    public void processElement(StreamRecord<WriterReport> element) {
        element.getValue().tables().forEach(report -> takeUp(report.table()));
        queue.add(element.getValue());
    }

    /** A table that was made while the job runs: its numbering must be in the checkpoint that has its first report. */
    private void takeUp(String name) {
        if (!tasks.containsKey(name)) {
            UpsertTable table = discovered.find(TableIdentifier.parse(name));
            if (table != null) {
                tasks.put(name, new TableTask<>(table, EpochLine.begin(0, restoredCheckpoint), 0));
            }
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        queue.assign(context.getCheckpointId(), run);
        List<byte[]> reports = new ArrayList<>();
        for (CommitQueue.Queued queued : queue.all()) {
            DataOutputSerializer out = new DataOutputSerializer(1024);
            out.writeLong(queued.checkpoint());
            out.writeUTF(queued.run());
            new WriterReport(List.of(queued.report())).write(out);
            reports.add(out.getCopyOfBuffer());
        }
        queueState.update(reports);
        metrics.waiting(
                reports.size(),
                reports.stream().mapToLong(bytes -> bytes.length).sum());
        List<byte[]> lines = new ArrayList<>();
        for (Map.Entry<String, TableTask<K>> task : tasks.entrySet()) {
            DataOutputSerializer out = new DataOutputSerializer(64);
            out.writeUTF(task.getKey());
            out.writeLong(task.getValue().line.offset());
            out.writeLong(task.getValue().known);
            out.writeLong(context.getCheckpointId());
            lines.add(out.getCopyOfBuffer());
        }
        epochState.update(lines);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        if (ended || schedule.due(InstantSource.system().instant())) {
            commit(checkpointId);
        }
    }

    /** At the end of a bounded input no later checkpoint comes: the last one commits, whatever the interval. */
    @Override
    public void finish() throws Exception {
        ended = true;
        super.finish();
    }

    /** Tables are committed side by side: they wait for the object store and the catalog, not for each other. */
    private void commit(long checkpoint) throws Exception {
        Map<String, Future<CommittedEpoch>> commits = new LinkedHashMap<>();
        queue.upTo(checkpoint)
                .forEach((table, due) -> commits.put(table, pool.submit(() -> commit(task(table), table, due))));
        Exception failure = null;
        for (Map.Entry<String, Future<CommittedEpoch>> commit : commits.entrySet()) {
            try {
                CommittedEpoch committed = commit.getValue().get();
                task(commit.getKey()).known = committed.epoch();
                queue.landed(commit.getKey(), checkpoint);
                output.collect(new StreamRecord<>(committed));
            } catch (ExecutionException e) {
                failure = ExceptionUtils.firstOrSuppressed(e, failure);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private TableTask<K> task(String table) {
        TableTask<K> task = tasks.get(table);
        if (task == null) {
            throw new IllegalStateException("Cannot commit changes of table " + table
                    + " from the restored checkpoint: name the table again, or drop the checkpoint.");
        }
        return task;
    }

    private CommittedEpoch commit(TableTask<K> task, String name, List<CommitQueue.Queued> due) {
        // Of the reports' checkpoints, not of the one that completed: an epoch is asked for again under its own number.
        long checkpoint =
                due.stream().mapToLong(CommitQueue.Queued::checkpoint).max().orElse(0);
        long epoch = task.line.epoch(checkpoint);
        List<TableCommitter.EpochReport> reports = due.stream()
                .map(queued -> new TableCommitter.EpochReport(
                        task.line.epoch(queued.checkpoint()), queued.run(), queued.report()))
                .toList();
        long started = System.nanoTime();
        TableCommitter.Landed landed = retry.run("Commit of epoch " + epoch + " to " + name, () -> {
            metrics.attempted(name);
            return committer(task).attempt(epoch, reports);
        });
        long millis = (System.nanoTime() - started) / 1_000_000;
        metrics.committed(name, epoch, landed, millis);
        LOG.info("Committed epoch {} to {} in {} ms: {}", epoch, name, millis, landed);
        return new CommittedEpoch(
                name,
                epoch,
                checkpoint,
                landed.snapshotId(),
                landed.rowsWritten(),
                landed.rowsDeleted(),
                InstantSource.system().millis());
    }

    private TableCommitter<K> committer(TableTask<K> task) {
        if (task.committer == null) {
            TableIdentifier table = task.definition.identifier();
            task.committer = new TableCommitter<>(
                    table.toString(),
                    operations(table),
                    new SnapshotIdentity(settings.pipeline(), table.toString()),
                    task.definition.keyColumns(),
                    new RowKeys<>(
                            settings.keySerializer().duplicate(),
                            (keySchema, keyValues) -> settings.reader().keyOf(table, keySchema, keyValues)),
                    recentDeletes,
                    task.known);
        }
        return task.committer;
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot finish a commit: the job is being stopped.", e);
        }
    }

    @Override
    public void close() throws Exception {
        if (pool != null) {
            pool.shutdownNow();
        }
        if (catalog instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                LOG.warn("Cannot close the catalog", e);
            }
        }
        super.close();
    }
}

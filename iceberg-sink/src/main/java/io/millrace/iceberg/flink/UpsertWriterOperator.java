package io.millrace.iceberg.flink;

import io.millrace.iceberg.CatalogLoader;
import io.millrace.iceberg.ChangeReader;
import io.millrace.iceberg.Rejection;
import io.millrace.iceberg.RejectionMapper;
import io.millrace.iceberg.TableDiscovery;
import io.millrace.iceberg.UpsertTable;
import io.millrace.iceberg.commit.TableReport;
import io.millrace.iceberg.commit.WriterReport;
import io.millrace.iceberg.index.FileNumbers;
import io.millrace.iceberg.index.RecentKeys;
import io.millrace.iceberg.index.RowLocation;
import io.millrace.iceberg.index.RowLocationSerializer;
import io.millrace.iceberg.table.DiscoveredTables;
import io.millrace.iceberg.table.TableMaker;
import io.millrace.iceberg.write.OpenFiles;
import io.millrace.iceberg.write.TableState;
import io.millrace.iceberg.write.TableWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.util.Tasks;
import org.apache.iceberg.util.ThreadPools;
import org.jspecify.annotations.Nullable;

/**
 * The keyed writer: buffers changes, writes data files, and reports at each checkpoint what it has written and which rows
 * are to be deleted.
 */
public final class UpsertWriterOperator<T, K, R> extends AbstractStreamOperator<WriterReport>
        implements OneInputStreamOperator<T, WriterReport> {
    private static final int IO_THREADS = 4;

    private final Settings<T, K> settings;
    private final @Nullable OutputTag<R> rejectionTag;
    private final @Nullable RejectionMapper<T, R> rejectionMapper;

    private transient Map<TableIdentifier, TableWriter<K>> writers;
    private transient ExecutorService uploads;
    private transient OpenFiles openFiles;
    private transient DiscoveredTables discovered;
    private transient Function<UpsertTable, TableWriter<K>> late;
    private transient Catalog catalog;
    private transient ListState<byte[]> tableStates;
    private transient ValueState<RowLocation> locations;
    private transient Map<String, List<TableState>> restored;
    private transient long restoredCheckpoint;
    private transient WriterMetrics metrics;
    /** Read by the threads that report metrics. */
    private transient volatile long buffered;

    /** What the writer is told when the job is built. */
    public record Settings<T, K>(
            ChangeReader<T, K> reader,
            TypeSerializer<K> keySerializer,
            CatalogLoader catalog,
            String pipeline,
            List<UpsertTable> tables,
            @Nullable TableDiscovery discovery,
            long targetFileBytes,
            long bufferBytes,
            int openFiles,
            long indexCacheBytes)
            implements java.io.Serializable {}

    @SuppressWarnings({"NullAway.Init", "this-escape", "deprecation"})
    public UpsertWriterOperator(
            Settings<T, K> settings,
            @Nullable OutputTag<R> rejectionTag,
            @Nullable RejectionMapper<T, R> rejectionMapper) {
        this.settings = settings;
        this.rejectionTag = rejectionTag;
        this.rejectionMapper = rejectionMapper;
        setChainingStrategy(ChainingStrategy.ALWAYS);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        tableStates = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("tables", BytePrimitiveArraySerializer.INSTANCE));
        locations = context.getKeyedStateStore()
                .getState(new ValueStateDescriptor<>("locations", RowLocationSerializer.INSTANCE));
        restored = new HashMap<>();
        for (byte[] bytes : tableStates.get()) {
            TableState state = TableState.read(new DataInputDeserializer(bytes));
            restored.computeIfAbsent(state.table(), created -> new ArrayList<>())
                    .add(state);
        }
        restoredCheckpoint = restored.values().stream()
                .flatMap(List::stream)
                .mapToLong(TableState::checkpoint)
                .max()
                .orElse(0);
    }

    @Override
    public void open() throws Exception {
        super.open();
        if (getContainingTask().getConfiguration().isUnalignedCheckpointsEnabled()) {
            throw new IllegalStateException("Cannot write with unaligned checkpoints: set"
                    + " execution.checkpointing.unaligned.enabled to false.");
        }
        catalog = settings.catalog().load();
        uploads = ThreadPools.newFixedThreadPool("iceberg-upsert-write", IO_THREADS);
        openFiles = new OpenFiles(settings.openFiles(), settings.targetFileBytes(), uploads);
        int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        long numberBound = restored.values().stream()
                .flatMap(List::stream)
                .mapToLong(TableState::numberBound)
                .max()
                .orElse(0);
        metrics = new WriterMetrics(getMetricGroup(), () -> buffered);
        TableWriter.Shared<K> shared = new TableWriter.Shared<>(
                new TableMaker(catalog),
                settings.pipeline(),
                openFiles,
                new FileNumbers(numberBound, subtask, parallelism),
                new RecentKeys<>(
                        new KeyedStateIndex<>(
                                this::setCurrentKey,
                                locations,
                                ((CheckpointableKeyedStateBackend<?>) getKeyedStateBackend()).getKeyGroupRange(),
                                getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks()),
                        settings.keySerializer().duplicate(),
                        settings.indexCacheBytes()),
                settings.keySerializer(),
                metrics);
        writers = new LinkedHashMap<>();
        discovered = new DiscoveredTables(catalog, settings.discovery());
        late = table -> new TableWriter<>(table, settings.reader(), shared);
        List<UpsertTable> tables = new ArrayList<>(settings.tables());
        tables.addAll(discovered.all());
        for (UpsertTable table : tables) {
            TableWriter<K> writer = new TableWriter<>(table, settings.reader(), shared);
            writer.open(
                    restored.getOrDefault(table.identifier().toString(), List.of()),
                    number -> number % parallelism == subtask,
                    restoredCheckpoint);
            writers.put(table.identifier(), writer);
        }
        restored = Map.of();
    }

    @Override
    public void processElement(StreamRecord<T> element) {
        T change = element.getValue();
        TableIdentifier table = settings.reader().table(change);
        TableWriter<K> writer = writers.get(table);
        if (writer == null) {
            writer = lateWriter(table);
        }
        if (writer == null) {
            if (settings.discovery() != null && settings.reader().isDelete(change)) {
                // A table that nobody has made yet has no rows.
                return;
            }
            reject(
                    change,
                    new Rejection(
                            table,
                            Rejection.Reason.UNKNOWN_TABLE,
                            "Cannot write a change of table " + table + ": the sink was not told of it."));
            return;
        }
        @SuppressWarnings("unchecked")
        K key = (K) getCurrentKey();
        long before = writer.bufferedBytes();
        if (settings.reader().isDelete(change)) {
            writer.delete(key);
        } else {
            Rejection rejection = writer.upsert(key, settings.reader(), change);
            if (rejection != null) {
                reject(change, rejection);
            }
        }
        // Taking a change may also flush what its table had before.
        long bytes = buffered + writer.bufferedBytes() - before;
        if (bytes > settings.bufferBytes()) {
            writers.values().forEach(TableWriter::flush);
            bytes = 0;
        }
        buffered = bytes;
    }

    /**
     * The writer of a table that was made while the job runs. It begins with nothing, as no other subtask than this one
     * can have written a row of its keys; all subtasks and the committer number its epochs from zero.
     */
    private @Nullable TableWriter<K> lateWriter(TableIdentifier table) {
        UpsertTable definition = discovered.find(table);
        if (definition == null) {
            return null;
        }
        LOG.info("Writing table {}, which was made while the job runs", table);
        TableWriter<K> writer = late.apply(definition);
        writers.put(table, writer);
        return writer;
    }

    private void reject(T change, Rejection rejection) {
        if (rejectionTag == null || rejectionMapper == null) {
            throw new IllegalStateException(rejection.message()
                    + " Give the sink a place for rejected changes if the job is to go on without them.");
        }
        output.collect(rejectionTag, new StreamRecord<>(rejectionMapper.map(change, rejection)));
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        report(checkpointId);
        Tasks.foreach(writers.values())
                .executeWith(uploads)
                .stopOnFailure()
                .throwFailureWhenFinished()
                .run(TableWriter::lookAgain);
        writers.values().forEach(TableWriter::follow);
    }

    /** At the end of a bounded input: the report goes out before the stream ends, and lands with the last checkpoint. */
    @Override
    public void finish() throws Exception {
        report(io.millrace.iceberg.index.FileTable.UNREPORTED);
        super.finish();
    }

    private void report(long checkpoint) {
        writers.values().forEach(TableWriter::flush);
        buffered = 0;
        openFiles.closeAll();
        List<TableReport> reports = writers.values().stream()
                .map(writer -> writer.report(checkpoint))
                .filter(report -> !report.isEmpty())
                .toList();
        if (!reports.isEmpty()) {
            output.collect(new StreamRecord<>(new WriterReport(reports)));
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        List<byte[]> states = new ArrayList<>();
        long files = 0;
        long bytes = 0;
        for (TableWriter<K> writer : writers.values()) {
            DataOutputSerializer out = new DataOutputSerializer(256);
            TableState state = writer.state(context.getCheckpointId());
            state.write(out);
            states.add(out.getCopyOfBuffer());
            files += state.files().size();
            bytes += out.length();
        }
        tableStates.update(states);
        metrics.kept(files, bytes);
    }

    @Override
    public void close() throws Exception {
        if (openFiles != null) {
            openFiles.abandon();
        }
        if (uploads != null) {
            uploads.shutdownNow();
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

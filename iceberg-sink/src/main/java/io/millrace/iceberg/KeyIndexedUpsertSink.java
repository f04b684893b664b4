package io.millrace.iceberg;

import io.millrace.iceberg.commit.WriterReport;
import io.millrace.iceberg.flink.CommittedEpochSerializer;
import io.millrace.iceberg.flink.SerializedType;
import io.millrace.iceberg.flink.UpsertCommitterOperator;
import io.millrace.iceberg.flink.UpsertWriterOperator;
import io.millrace.iceberg.flink.WriterReportSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Writes a keyed stream of row changes to Iceberg tables, exactly once, and never as an equality delete.
 *
 * <p>The writer knows from Flink's keyed state where each live row is, so that an update or a delete becomes a position
 * delete (format version 2) or an entry of a deletion vector (format version 3) in the commit that brings the change.
 * One sink writes many tables; each table gets one atomic snapshot per checkpoint that has changes for it.
 *
 * <pre>{@code
 * KeyIndexedUpsertSink.forChanges(new OrderReader())
 *     .catalog(CatalogLoader.ofProperties("lake", properties))
 *     .pipeline("orders")
 *     .tables(List.of(new UpsertTable(TableIdentifier.of("shop", "orders"), List.of("id"), List.of(), 2, Map.of())))
 *     .appendTo(changes.keyBy(Order::key));
 * }</pre>
 *
 * @param <T> a change of one row
 * @param <K> the key of the stream: table and row
 */
public final class KeyIndexedUpsertSink<T, K> {
    private final ChangeReader<T, K> reader;
    private final List<UpsertTable> tables = new ArrayList<>();
    private @Nullable TableDiscovery discovery;
    private @Nullable CatalogLoader catalog;
    private @Nullable String pipeline;
    private String uidPrefix = "iceberg-upsert";
    private SinkConfig config = SinkConfig.DEFAULT;
    private @Nullable OutputTag<?> rejectionTag;
    private @Nullable RejectionMapper<T, ?> rejectionMapper;

    private KeyIndexedUpsertSink(ChangeReader<T, K> reader) {
        this.reader = reader;
    }

    /** Starts a sink for the changes that this reader understands. */
    public static <T, K> KeyIndexedUpsertSink<T, K> forChanges(ChangeReader<T, K> reader) {
        return new KeyIndexedUpsertSink<>(reader);
    }

    /** The catalog that has the tables, or will have them. */
    public KeyIndexedUpsertSink<T, K> catalog(CatalogLoader loader) {
        catalog = loader;
        return this;
    }

    /**
     * The name under which the sink finds its own commits again in a table's history. It outlives the job: keep it when
     * the job is restarted, renamed or moved; no two jobs that run at once may share it for one table.
     */
    public KeyIndexedUpsertSink<T, K> pipeline(String name) {
        pipeline = name;
        return this;
    }

    /** The tables that changes may belong to. Those that do not exist are created with their first row. */
    public KeyIndexedUpsertSink<T, K> tables(List<UpsertTable> added) {
        tables.addAll(added);
        return this;
    }

    /** Finds tables that changes may belong to and that nobody has named; see {@link TableDiscovery}. */
    public KeyIndexedUpsertSink<T, K> discover(TableDiscovery more) {
        discovery = more;
        return this;
    }

    /** The start of the operators' uids; needed if one job has several sinks. */
    public KeyIndexedUpsertSink<T, K> uidPrefix(String prefix) {
        uidPrefix = prefix;
        return this;
    }

    /** The size at which a data file is closed; 128 MB unless told. */
    public KeyIndexedUpsertSink<T, K> targetFileBytes(long bytes) {
        config = config.withTargetFileBytes(bytes);
        return this;
    }

    /** The memory for changes not yet written out, in each writer subtask, by estimate; 64 MB unless told. */
    public KeyIndexedUpsertSink<T, K> bufferBytes(long bytes) {
        config = config.withBufferBytes(bytes);
        return this;
    }

    /** The number of data files that a writer subtask keeps open at once; 16 unless told. */
    public KeyIndexedUpsertSink<T, K> openFiles(int count) {
        config = config.withOpenFiles(count);
        return this;
    }

    /**
     * The memory in which each writer subtask keeps the locations that were written last, besides keeping all of them in the
     * state: 64 MB unless told, which is enough for two million keys. It is taken as it is needed; 0 for none.
     */
    public KeyIndexedUpsertSink<T, K> indexCacheBytes(long bytes) {
        config = config.withIndexCacheBytes(bytes);
        return this;
    }

    /** How long a commit is tried again before the job fails over; 1 minute unless told. */
    public KeyIndexedUpsertSink<T, K> commitTimeout(Duration timeout) {
        config = config.withCommitTimeout(timeout);
        return this;
    }

    /**
     * The least time between two commits, if it is to be longer than the time between two checkpoints: zero unless told,
     * which commits with every checkpoint. What is not committed yet waits in the checkpoints and lands once, whatever
     * happens; a job that ends commits all of it.
     */
    public KeyIndexedUpsertSink<T, K> commitInterval(Duration interval) {
        config = config.withCommitInterval(interval);
        return this;
    }

    /**
     * Where rejected changes go: read them with {@link UpsertSinkStreams#rejections}. Without this a rejected change
     * fails the job.
     */
    public <R> KeyIndexedUpsertSink<T, K> rejectInto(OutputTag<R> tag, RejectionMapper<T, R> mapper) {
        rejectionTag = tag;
        rejectionMapper = mapper;
        return this;
    }

    /** Keys the changes and adds the sink. */
    public UpsertSinkStreams appendTo(DataStream<T> changes, KeySelector<T, K> key) {
        return appendTo(changes.keyBy(key));
    }

    /**
     * Adds the sink behind a keyed stream. If the stream comes from an operator that is keyed the same way, make it keyed
     * with {@link org.apache.flink.streaming.api.datastream.DataStreamUtils#reinterpretAsKeyedStream}: the writer is then
     * chained to that operator and the changes do not travel.
     */
    public UpsertSinkStreams appendTo(KeyedStream<T, K> changes) {
        List<String> missing = new ArrayList<>();
        if (catalog == null) {
            missing.add("catalog");
        }
        if (pipeline == null) {
            missing.add("pipeline");
        }
        if (tables.isEmpty() && discovery == null) {
            missing.add("tables");
        }
        if (catalog == null || pipeline == null || !missing.isEmpty()) {
            throw new IllegalStateException("Cannot build the sink without " + String.join(", ", missing) + ".");
        }
        TypeSerializer<K> keySerializer = changes.getKeyType()
                .createSerializer(changes.getExecutionConfig().getSerializerConfig());
        SingleOutputStreamOperator<WriterReport> writer = write(
                changes,
                new UpsertWriterOperator.Settings<>(
                        reader,
                        keySerializer,
                        catalog,
                        pipeline,
                        tables,
                        discovery,
                        config.targetFileBytes(),
                        config.bufferBytes(),
                        config.openFiles(),
                        config.indexCacheBytes()),
                rejectionTag,
                rejectionMapper);
        DataStream<CommittedEpoch> commits = writer.global()
                .transform(
                        "Commit to Iceberg",
                        new SerializedType<>(CommittedEpoch.class, CommittedEpochSerializer.INSTANCE),
                        new UpsertCommitterOperator<>(new UpsertCommitterOperator.Settings<>(
                                reader,
                                keySerializer,
                                catalog,
                                pipeline,
                                tables,
                                discovery,
                                config.commitTimeout(),
                                config.commitInterval())))
                .uid(uidPrefix + "-commit")
                .setParallelism(1)
                .setMaxParallelism(1);
        return new UpsertSinkStreams(writer, commits);
    }

    @SuppressWarnings("unchecked")
    private <R> SingleOutputStreamOperator<WriterReport> write(
            KeyedStream<T, K> changes,
            UpsertWriterOperator.Settings<T, K> settings,
            @Nullable OutputTag<R> tag,
            @Nullable RejectionMapper<T, ?> mapper) {
        // The tag and the mapper were given together, with one type.
        return changes.transform(
                        "Write to Iceberg",
                        new SerializedType<>(WriterReport.class, WriterReportSerializer.INSTANCE),
                        new UpsertWriterOperator<>(settings, tag, (RejectionMapper<T, R>) mapper))
                .uid(uidPrefix + "-write");
    }
}

package io.millrace.stream.sink.iceberg.flink;

import io.millrace.iceberg.CatalogLoader;
import io.millrace.iceberg.KeyIndexedUpsertSink;
import io.millrace.iceberg.Rejection;
import io.millrace.iceberg.UpsertSinkStreams;
import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.accounting.CommitSample;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetters;
import io.millrace.stream.fit.TargetTables;
import io.millrace.stream.sink.flink.ChangeTarget;
import io.millrace.stream.sink.iceberg.IcebergRoutes;
import io.millrace.stream.sink.iceberg.IcebergTables;
import io.millrace.stream.sink.iceberg.RowChangeReader;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/** The pipeline's Iceberg tables as a target of the route. */
public final class IcebergTarget implements ChangeTarget {
    private static final OutputTag<DeadLetter> REFUSED =
            new OutputTag<>("refused-by-iceberg", WireType.of(WireFormat.DEAD_LETTER));

    private static final OutputTag<CommitSample> SAMPLES =
            new OutputTag<>("event-times", WireType.of(WireFormat.COMMIT_SAMPLE));

    private final Pipeline pipeline;

    public IcebergTarget(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public Optional<TargetTables.Factory> tables() {
        IcebergRoutes routes = IcebergRoutes.of(pipeline);
        CatalogLoader catalog = catalog(pipeline);
        return routes.isEmpty() ? Optional.empty() : Optional.of(() -> new IcebergTables(catalog, routes));
    }

    @Override
    public Optional<DataStream<DeadLetter>> write(DataStream<RowChange> changes) {
        IcebergRoutes routes = IcebergRoutes.of(pipeline);
        if (routes.isEmpty()) {
            return Optional.empty();
        }
        KeyIndexedUpsertSink<RowChange, RowKey> sink = KeyIndexedUpsertSink.forChanges(new RowChangeReader(routes));
        if (routes.hasPatterns()) {
            sink.discover(routes);
        }
        SingleOutputStreamOperator<RowChange> ours = changes.transform(
                        "of Iceberg tables", WireType.of(WireFormat.ROW_CHANGE), new IcebergChanges(routes, SAMPLES))
                .uid("iceberg-tables-only");
        UpsertSinkStreams streams = sink.catalog(catalog(pipeline))
                .pipeline(pipeline.name())
                .commitInterval(pipeline.checkpoints().commitInterval())
                .tables(routes.namedTables())
                .uidPrefix("sink-iceberg")
                .rejectInto(REFUSED, IcebergTarget::deadLetter)
                // Keyed anew and not chained to the sequence step, though the keys are the same: uploading a
                // checkpoint's files would hold up the search index.
                .appendTo(ours.keyBy(RowChange::key, WireType.<RowKey>of(WireFormat.ROW_KEY)));
        ours.getSideOutput(SAMPLES)
                .global()
                .connect(streams.commits())
                .process(new CommitLatency(), Types.VOID)
                .uid("iceberg-latency")
                .name("latency of Iceberg commits")
                .setParallelism(1)
                .setMaxParallelism(1);
        return Optional.of(streams.rejections(REFUSED));
    }

    /**
     * Opens the catalog and closes it again, before the job is submitted: wrong settings show here, and a JDBC catalog that
     * is used for the first time makes its tables now, not in several subtasks at a time, which would fail.
     */
    public static void openCatalogOnce(Pipeline pipeline) throws IOException {
        if (catalog(pipeline).load() instanceof Closeable opened) {
            opened.close();
        }
    }

    static CatalogLoader catalog(Pipeline pipeline) {
        Connections.Iceberg catalog = pipeline.connections().iceberg();
        return CatalogLoader.ofProperties(catalog.catalog(), catalog.properties());
    }

    private static DeadLetter deadLetter(RowChange change, Rejection rejection) {
        DeadLetterCode code = switch (rejection.reason()) {
            case UNKNOWN_TABLE, INCOMPATIBLE_SCHEMA -> DeadLetterCode.INCOMPATIBLE_SCHEMA;
            case MISSING_KEY -> DeadLetterCode.MISSING_KEY;
            case INVALID_VALUE -> DeadLetterCode.INVALID_VALUE;
        };
        return DeadLetters.ofTarget(change, WireFormat.ROW_CHANGE.bytes(change), code, rejection.message());
    }
}

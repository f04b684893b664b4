package io.millrace.iceberg;

import io.millrace.iceberg.commit.WriterReport;
import io.millrace.iceberg.flink.CommittedEpochSerializer;
import io.millrace.iceberg.flink.UpsertCommitterOperator;
import io.millrace.iceberg.flink.UpsertWriterOperator;
import io.millrace.iceberg.flink.WriterReportSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The sink's operators wired by hand, one step at a time: a test decides when a checkpoint begins, completes, is aborted,
 * and from which one a new run starts.
 */
final class SinkHarness implements AutoCloseable {
    static final int MAX_PARALLELISM = 16;
    static final OutputTag<String> REJECTED = new OutputTag<>("rejected", Types.STRING);

    private final List<KeyedOneInputStreamOperatorTestHarness<String, Change, WriterReport>> writers =
            new ArrayList<>();
    private final OneInputStreamOperatorTestHarness<WriterReport, CommittedEpoch> committer;
    private long nextCheckpoint;

    /** A checkpoint of a run. */
    record Checkpoint(long id, List<OperatorSubtaskState> writers, OperatorSubtaskState committer) {}

    SinkHarness(CatalogLoader catalog, List<UpsertTable> tables, int parallelism) throws Exception {
        this(catalog, tables, parallelism, null, 64L << 20);
    }

    SinkHarness(
            CatalogLoader catalog,
            List<UpsertTable> tables,
            int parallelism,
            @Nullable Checkpoint from,
            long bufferBytes)
            throws Exception {
        this(catalog, tables, parallelism, from, bufferBytes, "test");
    }

    SinkHarness(
            CatalogLoader catalog,
            List<UpsertTable> tables,
            int parallelism,
            @Nullable Checkpoint from,
            long bufferBytes,
            String pipeline)
            throws Exception {
        this(catalog, tables, parallelism, from, bufferBytes, pipeline, Duration.ZERO);
    }

    SinkHarness(
            CatalogLoader catalog,
            List<UpsertTable> tables,
            int parallelism,
            @Nullable Checkpoint from,
            long bufferBytes,
            String pipeline,
            Duration commitInterval)
            throws Exception {
        this(catalog, tables, null, parallelism, from, bufferBytes, pipeline, commitInterval);
    }

    SinkHarness(
            CatalogLoader catalog,
            List<UpsertTable> tables,
            @Nullable TableDiscovery discovery,
            int parallelism,
            @Nullable Checkpoint from,
            long bufferBytes,
            String pipeline,
            Duration commitInterval)
            throws Exception {
        Change.Reader reader = new Change.Reader();
        nextCheckpoint = from == null ? 1 : from.id() + 1;
        for (int subtask = 0; subtask < parallelism; subtask++) {
            var writer = new KeyedOneInputStreamOperatorTestHarness<String, Change, WriterReport>(
                    new UpsertWriterOperator<>(
                            new UpsertWriterOperator.Settings<>(
                                    reader,
                                    StringSerializer.INSTANCE,
                                    catalog,
                                    pipeline,
                                    tables,
                                    discovery,
                                    128L << 20,
                                    bufferBytes,
                                    3,
                                    // Every other subtask asks the state each time.
                                    subtask % 2 == 0 ? 32 << 10 : 0),
                            REJECTED,
                            (change, rejection) -> rejection.reason().name()),
                    Change::streamKey,
                    Types.STRING,
                    MAX_PARALLELISM,
                    parallelism,
                    subtask);
            writer.setup(WriterReportSerializer.INSTANCE);
            if (from != null) {
                writer.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        AbstractStreamOperatorTestHarness.repackageState(
                                from.writers().toArray(OperatorSubtaskState[]::new)),
                        MAX_PARALLELISM,
                        from.writers().size(),
                        parallelism,
                        subtask));
            }
            writer.open();
            writers.add(writer);
        }
        committer = new OneInputStreamOperatorTestHarness<>(
                new UpsertCommitterOperator<>(new UpsertCommitterOperator.Settings<>(
                        reader,
                        StringSerializer.INSTANCE,
                        catalog,
                        pipeline,
                        tables,
                        discovery,
                        Duration.ofSeconds(20),
                        commitInterval)));
        committer.setup(CommittedEpochSerializer.INSTANCE);
        if (from != null) {
            committer.initializeState(from.committer());
        }
        committer.open();
    }

    void process(Change change) throws Exception {
        int subtask = KeyGroupRangeAssignment.assignKeyToParallelOperator(
                change.streamKey(), MAX_PARALLELISM, writers.size());
        writers.get(subtask).processElement(new StreamRecord<>(change));
    }

    /** Takes a checkpoint; nobody has been told yet that it is complete. */
    Checkpoint checkpoint() throws Exception {
        long id = nextCheckpoint++;
        List<OperatorSubtaskState> states = new ArrayList<>();
        for (var writer : writers) {
            writer.prepareSnapshotPreBarrier(id);
            states.add(writer.snapshot(id, id));
        }
        forward();
        return new Checkpoint(id, states, committer.snapshot(id, id));
    }

    void complete(Checkpoint checkpoint) throws Exception {
        for (var writer : writers) {
            writer.notifyOfCompletedCheckpoint(checkpoint.id());
        }
        committer.notifyOfCompletedCheckpoint(checkpoint.id());
    }

    /** A checkpoint that goes well. */
    Checkpoint commit() throws Exception {
        Checkpoint checkpoint = checkpoint();
        complete(checkpoint);
        return checkpoint;
    }

    /** The input ends. */
    void finish() throws Exception {
        for (var writer : writers) {
            writer.endInput();
            writer.getOperator().finish();
        }
        forward();
        committer.endInput();
        committer.getOperator().finish();
    }

    private void forward() throws Exception {
        for (var writer : writers) {
            Queue<Object> output = writer.getOutput();
            for (Object each = output.poll(); each != null; each = output.poll()) {
                if (each instanceof StreamRecord<?> streamed && streamed.getValue() instanceof WriterReport report) {
                    committer.processElement(new StreamRecord<>(report));
                }
            }
        }
    }

    List<CommittedEpoch> commits() {
        return committer.extractOutputValues();
    }

    List<Rejection.Reason> rejections() {
        List<Rejection.Reason> rejections = new ArrayList<>();
        for (var writer : writers) {
            var side = writer.getSideOutput(REJECTED);
            if (side != null) {
                side.forEach(each -> rejections.add(Rejection.Reason.valueOf(each.getValue())));
            }
        }
        return rejections;
    }

    /** Ends the run as a crash does: nothing more is written or committed. */
    @Override
    public void close() throws Exception {
        for (var writer : writers) {
            writer.close();
        }
        committer.close();
    }
}

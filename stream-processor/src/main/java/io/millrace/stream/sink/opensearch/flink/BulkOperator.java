package io.millrace.stream.sink.opensearch.flink;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetters;
import io.millrace.stream.sink.opensearch.IndexRoutes;
import io.millrace.stream.wire.WireFormat;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.YieldingOperatorFactory;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * Writes row changes to OpenSearch, at least once and idempotently: a change that is written again, or after a newer one,
 * has no effect, as its version is not greater than the document's. Gives the changes that OpenSearch refuses.
 *
 * <p>An operator and not a sink, as a sink has no output. Not Flink's own OpenSearch connector: its failure handler sees no
 * document, so that one that is refused could not become a dead letter, and a lost connection fails the job.
 *
 * <p>Everything before a checkpoint's barrier is settled before the barrier goes on: what was refused has gone on before it.
 */
final class BulkOperator extends AbstractStreamOperator<DeadLetter>
        implements OneInputStreamOperator<RowChange, DeadLetter>, BoundedOneInput {
    private static final long serialVersionUID = 1L;

    private final transient Connections.OpenSearch connection;
    private final transient IndexRoutes indexes;
    private final transient MailboxExecutor mailbox;
    private transient BulkWriter writer;

    @SuppressWarnings("NullAway.Init") // Flink's contract: open() comes before anything else.
    private BulkOperator(
            Connections.OpenSearch connection,
            IndexRoutes indexes,
            MailboxExecutor mailbox,
            ProcessingTimeService timers) {
        this.connection = connection;
        this.indexes = indexes;
        this.mailbox = mailbox;
        this.processingTimeService = timers;
    }

    @Override
    public void open() throws Exception {
        super.open();
        writer = new BulkWriter(
                connection,
                indexes,
                mailbox,
                getProcessingTimeService(),
                getMetricGroup(),
                (change, reason) -> output.collect(new StreamRecord<>(DeadLetters.ofTarget(
                        change,
                        WireFormat.ROW_CHANGE.bytes(change),
                        DeadLetterCode.DOCUMENT_REFUSED,
                        "Cannot index document: " + reason))));
    }

    @Override
    public void processElement(StreamRecord<RowChange> element) throws Exception {
        writer.write(element.getValue());
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        writer.flush();
    }

    @Override
    public void endInput() throws Exception {
        writer.flush();
    }

    /** Makes the operator where it runs. */
    static final class Factory extends AbstractStreamOperatorFactory<DeadLetter>
            implements OneInputStreamOperatorFactory<RowChange, DeadLetter>, YieldingOperatorFactory<DeadLetter> {
        private static final long serialVersionUID = 1L;

        private final Connections.OpenSearch connection;
        private final IndexRoutes indexes;

        /**
         * Writes the rows of some tables; those of others are left out.
         *
         * @param indexes the tables' indexes
         */
        Factory(Connections.OpenSearch connection, IndexRoutes indexes) {
            this.connection = connection;
            this.indexes = indexes;
        }

        @Override
        @SuppressWarnings("unchecked") // As every factory: the caller asks for the type that it has put in.
        public <T extends StreamOperator<DeadLetter>> T createStreamOperator(
                StreamOperatorParameters<DeadLetter> parameters) {
            BulkOperator operator = new BulkOperator(connection, indexes, getMailboxExecutor(), processingTimeService);
            operator.setup(parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
            return (T) operator;
        }

        @Override
        @SuppressWarnings("rawtypes") // Flink's own signature.
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
            return BulkOperator.class;
        }
    }
}

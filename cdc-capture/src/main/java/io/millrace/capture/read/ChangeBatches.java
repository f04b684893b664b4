package io.millrace.capture.read;

import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.millrace.capture.publish.Publisher;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.capture.status.CaptureMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes Debezium's batches and marks a record as processed only when the stream has acknowledged it, and with it all before.
 *
 * <p>A batch is published in slices, so that memory holds one slice of encoded rows however large the batch is. Debezium
 * waits meanwhile, its bounded queue fills, and the database waits in turn: backpressure without buffers of our own.
 *
 * <p>Several changes can have one offset: the two halves of a changed key, in PostgreSQL the rows of a COPY. After a restart
 * Debezium skips all changes of the offset that was marked last. So the changes of one offset are marked together, when the next
 * offset is on the stream. A step back means that Debezium has reconnected and reads again: the rest of the newest offset is then
 * still to come.
 */
final class ChangeBatches implements ChangeConsumer<RecordChangeEvent<SourceRecord>> {
    private static final int SLICE_BYTES = 8 << 20;

    private final Reading reading;
    private final SnapshotProgress snapshot;
    private final ChangeRecords changes;
    private final Publisher publisher;
    private final CaptureMeter meter;
    /** The newest acknowledged record: more of its offset may follow. */
    private @Nullable RecordChangeEvent<SourceRecord> newest;

    /**
     * Of one engine.
     *
     * @param engine its name
     */
    ChangeBatches(String engine, Reading reading, ChangeRecords changes, Publisher publisher, CaptureMeter meter) {
        this.reading = reading;
        this.snapshot = new SnapshotProgress(engine, reading.journal());
        this.changes = changes;
        this.publisher = publisher;
        this.meter = meter;
    }

    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> batch, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        List<StreamRecord> slice = new ArrayList<>();
        int sliceBytes = 0;
        int sliceStart = 0;
        for (int i = 0; i < batch.size(); i++) {
            SourceRecord record = batch.get(i).record();
            reading.hear(record);
            for (StreamRecord encoded : changes.encode(record)) {
                slice.add(encoded);
                sliceBytes += encoded.data().length;
            }
            if (sliceBytes >= SLICE_BYTES || i == batch.size() - 1) {
                snapshot.begins(record);
                publisher.publish(slice);
                snapshot.ends(record);
                acknowledged(batch.subList(sliceStart, i + 1), committer);
                slice = new ArrayList<>();
                sliceBytes = 0;
                sliceStart = i + 1;
            }
        }
        committer.markBatchFinished();
        reading.rest();
    }

    private void acknowledged(
            List<RecordChangeEvent<SourceRecord>> slice, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        for (RecordChangeEvent<SourceRecord> event : slice) {
            meter.captured(event.record());
            if (!reading.mayResumeAt(event.record())) {
                continue;
            }
            if (newest != null && reading.progress().compare(offset(newest), offset(event)) < 0) {
                committer.markProcessed(newest);
            }
            newest = event;
        }
    }

    private static Map<String, ?> offset(RecordChangeEvent<SourceRecord> event) {
        return event.record().sourceOffset();
    }
}

package io.millrace.capture.read;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.millrace.capture.CaptureConfig;
import io.millrace.capture.publish.Publisher;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.capture.status.CaptureMeter;
import io.millrace.schemas.event.TableId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all rows of some tables once, beside the reader and with the same conversion: by a second Debezium engine that takes
 * a snapshot and no more. It has no slot and remembers nothing: what is not read to the end is read again from the start.
 */
public final class TableSnapshot {
    private static final int SLICE_BYTES = 8 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(TableSnapshot.class);

    private final CaptureConfig config;
    private final Reading reading;
    private final DebeziumReader.Outlets outlets;
    private final CaptureMeter meter;

    /**
     * Prepares; {@code meter} counts what is read, apart from the reader's own counts.
     */
    public TableSnapshot(CaptureConfig config, Reading reading, DebeziumReader.Outlets outlets, CaptureMeter meter) {
        this.config = config;
        this.reading = reading;
        this.outlets = outlets;
        this.meter = meter;
    }

    /**
     * Puts all rows on the stream; returns when they are acknowledged.
     *
     * @param place gives a row its place in the source's history
     * @throws IllegalStateException if it was not done
     */
    public void read(Set<TableId> tables, Consumer<SourceRecord> place) throws InterruptedException {
        String name = config.slotName() + "-snapshot";
        Progress progress = new Progress();
        try (Publisher publisher = outlets.stream().open(outlets.backoff(), meter)) {
            ChangeRecords changes = new ChangeRecords(
                    config.source().name(),
                    tables::contains,
                    place,
                    outlets.encoder().get(),
                    new ClaimDesk(outlets.storage(), publisher.recordLimit(), meter),
                    new Retry(outlets.backoff(), meter));
            SnapshotEnd.listen(name, progress);
            DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(
                            ChangeEventFormat.of(Connect.class))
                    .using(reading.settingsToReadAgain(name, tables))
                    .using((success, message, error) -> {
                        if (!success) {
                            progress.done.completeExceptionally(
                                    error == null ? new IllegalStateException(message) : error);
                        }
                    })
                    .notifying(
                            (List<RecordChangeEvent<SourceRecord>> batch,
                                    RecordCommitter<RecordChangeEvent<SourceRecord>> committer) -> {
                                publish(batch, changes, publisher);
                                committer.markBatchFinished();
                                progress.published(batch, tables);
                            })
                    .build();
            Thread running = new Thread(engine, "read-again");
            running.start();
            try {
                progress.done.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("Cannot read rows again of: " + tables, e.getCause());
            } finally {
                close(engine);
                running.join();
            }
        } finally {
            SnapshotEnd.forget(name);
        }
    }

    private static void close(DebeziumEngine<?> engine) {
        try {
            engine.close();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("Engine is not running", e);
        }
    }

    private static void publish(List<RecordChangeEvent<SourceRecord>> batch, ChangeRecords changes, Publisher publisher)
            throws InterruptedException {
        List<StreamRecord> slice = new ArrayList<>();
        int sliceBytes = 0;
        for (RecordChangeEvent<SourceRecord> event : batch) {
            for (StreamRecord encoded : changes.encode(event.record())) {
                slice.add(encoded);
                sliceBytes += encoded.data().length;
            }
            if (sliceBytes >= SLICE_BYTES) {
                publisher.publish(slice);
                slice = new ArrayList<>();
                sliceBytes = 0;
            }
        }
        if (!slice.isEmpty()) {
            publisher.publish(slice);
        }
    }

    /** Done when the snapshot has ended and as many rows are on the stream as it has read. */
    private final class Progress implements SnapshotEnd.Listener {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private long read;
        private long published;
        private boolean completed;

        @Override
        public synchronized void tableRead(long rows) {
            read += rows;
        }

        @Override
        public synchronized void completed() {
            completed = true;
            endIfDone();
        }

        @Override
        public void aborted() {
            done.completeExceptionally(new IllegalStateException("Cannot finish a snapshot: Debezium gave it up"));
        }

        synchronized void published(List<RecordChangeEvent<SourceRecord>> batch, Set<TableId> tables) {
            published += batch.stream()
                    .map(event -> ChangeRecords.tableOf(config.source().name(), event.record()))
                    .filter(table -> table != null && tables.contains(table))
                    .count();
            endIfDone();
        }

        private void endIfDone() {
            if (completed && published >= read) {
                done.complete(null);
            }
        }
    }
}

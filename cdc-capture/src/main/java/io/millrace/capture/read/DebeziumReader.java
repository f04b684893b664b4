package io.millrace.capture.read;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.millrace.capture.CaptureConfig;
import io.millrace.capture.encode.ChangeEncoder;
import io.millrace.capture.offset.JournaledOffsets;
import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.Destination;
import io.millrace.capture.publish.Publisher;
import io.millrace.capture.status.CaptureMeter;
import io.millrace.capture.status.CaptureStatus.State;
import io.millrace.capture.storage.ObjectStore;
import io.millrace.schemas.pipeline.TableRoutes;
import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs Debezium's engine until it is stopped or fails. */
public final class DebeziumReader {
    private static final Logger LOG = LoggerFactory.getLogger(DebeziumReader.class);

    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final CaptureMeter meter;
    private final Companion companion;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Where changes go, and what is needed on the way; an encoder is for one thread. */
    public record Outlets(Destination stream, Supplier<ChangeEncoder> encoder, ObjectStore storage, Backoff backoff) {}

    /** What works beside the engine. */
    public interface Companion {
        /**
         * Begins.
         *
         * @param fail ends the engine, for a reason
         */
        void start(Consumer<Throwable> fail);

        void close();
    }

    /**
     * A reader that goes on from the journal's offsets.
     *
     * @param companion works beside the engine as long as it runs
     */
    public DebeziumReader(
            CaptureConfig config, Reading reading, Outlets outlets, CaptureMeter meter, Companion companion) {
        this.meter = meter;
        this.companion = companion;
        JournaledOffsets.offer(config.slotName(), reading.journal());
        Properties settings = reading.settings();
        Publisher publisher = outlets.stream().open(outlets.backoff(), meter);
        TableRoutes routes = new TableRoutes(config.tables());
        ChangeRecords changes = new ChangeRecords(
                config.source().name(),
                table -> routes.find(table) != null,
                reading::place,
                outlets.encoder().get(),
                new ClaimDesk(outlets.storage(), publisher.recordLimit(), meter),
                new Retry(outlets.backoff(), meter));
        this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(settings)
                .using((success, message, error) -> {
                    if (!success) {
                        failure.set(error == null ? new IllegalStateException(message) : error);
                    }
                })
                .notifying(new ChangeBatches(config.slotName(), reading, changes, publisher, meter))
                .build();
    }

    /**
     * Reads until {@link #stop} or a failure.
     *
     * @return why reading failed; null if it was stopped
     */
    public @Nullable Throwable run() {
        companion.start(this::fail);
        try {
            engine.run();
        } finally {
            companion.close();
            ended.countDown();
        }
        Throwable problem = failure.get();
        if (problem == null) {
            meter.entered(State.STOPPED);
        }
        return problem;
    }

    /** Ends {@link #run} with a failure of somebody else's. */
    private void fail(Throwable reason) {
        failure.compareAndSet(null, reason);
        stop(0);
    }

    /** Ends {@link #run} after the batch at hand; waits for it as long as this. */
    public void stop(long millis) {
        try {
            engine.close();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("Engine is not running", e);
        }
        try {
            if (!ended.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.warn("Stopping with changes under way; they will be read again at the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

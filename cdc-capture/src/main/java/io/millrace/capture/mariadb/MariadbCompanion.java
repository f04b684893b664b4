package io.millrace.capture.mariadb;

import io.millrace.capture.read.DebeziumReader;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Beside the engine: reads unread tables, and ends the engine when the server has fallen silent. */
final class MariadbCompanion implements DebeziumReader.Companion {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Silence silence;
    private final UnreadTables unread;
    private final BooleanSupplier streaming;
    private final ScheduledExecutorService reading = clock("read-unread-tables");
    private final ScheduledExecutorService listening = clock("listen-to-server");

    /**
     * A companion that does nothing yet.
     *
     * @param streaming whether the engine is past its own snapshot
     */
    MariadbCompanion(Silence silence, UnreadTables unread, BooleanSupplier streaming) {
        this.silence = silence;
        this.unread = unread;
        this.streaming = streaming;
    }

    private static ScheduledExecutorService clock(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void start(Consumer<Throwable> fail) {
        every(reading, unread::read);
        every(listening, () -> {
            if (silence.isTooLong(System.nanoTime())) {
                listening.shutdown();
                fail.accept(new IllegalStateException("Cannot hear from the database server any more: nothing came for "
                        + Silence.LONGEST.toSeconds() + " seconds"));
            }
        });
    }

    private void every(ScheduledExecutorService clock, Runnable act) {
        clock.scheduleWithFixedDelay(
                () -> {
                    if (streaming.getAsBoolean()) {
                        act.run();
                    }
                },
                0,
                PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        reading.shutdownNow();
        listening.shutdownNow();
    }
}

package io.millrace.local.demo.workload;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Works on the logistics database with several connections until it is stopped.
 *
 * <p>Thread-safe. A lane that cannot go on stops all; {@link #stop} then tells.
 */
public final class Workload implements AutoCloseable {
    private final WorkloadConfig config;
    private final Tally tally = new Tally();
    private final List<Thread> lanes = new ArrayList<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final long startedNanos = System.nanoTime();
    private volatile boolean stopping;
    private volatile long stoppedNanos;

    private Workload(WorkloadConfig config) {
        this.config = config;
    }

    /** Begins at once. */
    public static Workload start(WorkloadConfig config) {
        Workload workload = new Workload(config);
        for (int number = 0; number < config.lanes(); number++) {
            Lane lane = new Lane(number, config.lanes());
            Thread thread = new Thread(() -> workload.run(lane), "workload-" + number);
            thread.setDaemon(true);
            workload.lanes.add(thread);
            thread.start();
        }
        return workload;
    }

    /** What has been done so far. */
    public WorkloadCounts counts() {
        long end = stopping ? stoppedNanos : System.nanoTime();
        return tally.counts(Duration.ofNanos(end - startedNanos));
    }

    /** Why the workload has ended by itself; null while it has not. */
    public @Nullable Exception failure() {
        return failure.get();
    }

    /** Ends after the transactions that are being made; what is counted then, is committed. */
    public WorkloadCounts stop() throws InterruptedException, SQLException {
        halt();
        for (Thread lane : lanes) {
            lane.join();
        }
        LaneWorker.alignSequences(config);
        return counts();
    }

    @Override
    public void close() {
        halt();
    }

    private void halt() {
        synchronized (this) {
            if (!stopping) {
                stoppedNanos = System.nanoTime();
                stopping = true;
            }
        }
    }

    private void run(Lane lane) {
        Pace pace = new Pace(config.rate() / lane.lanes(), startedNanos);
        try (LaneWorker worker = new LaneWorker(config, lane, tally)) {
            while (!stopping) {
                long wait = pace.nanosToWait(System.nanoTime());
                if (wait > 0) {
                    Thread.sleep(Duration.ofNanos(Math.min(wait, 100_000_000)).toMillis() + 1);
                    continue;
                }
                pace.made(worker.makeTransaction());
            }
        } catch (SQLException | InterruptedException | RuntimeException e) {
            failure.compareAndSet(null, e);
            halt();
        }
    }
}

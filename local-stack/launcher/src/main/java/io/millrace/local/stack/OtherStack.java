package io.millrace.local.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The stack of a data directory, seen from a process that does not run it. */
public final class OtherStack {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration CLEAR_PATIENCE = Duration.ofSeconds(12);
    private static final int PAUSE_MILLIS = 200;

    private final Path data;
    private final RunDirectory run;

    private OtherStack(Path data) {
        this.data = data;
        run = new RunDirectory(data);
    }

    public static OtherStack in(Path data) {
        return new OtherStack(data.toAbsolutePath().normalize());
    }

    /** Whether a process runs it now. */
    public boolean isRunning() {
        return run.isRunning();
    }

    /** Where everything is, as the running process wrote it last; empty before that, and if none runs. */
    public Optional<Endpoints> endpoints() {
        try {
            Optional<Long> launcher = isRunning() ? run.launcher().map(ProcessHandle::pid) : Optional.empty();
            // What an earlier run wrote may still be there.
            return EndpointsFile.read(data)
                    .filter(endpoints -> launcher.isPresent() && launcher.get() == endpoints.launcherPid());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read directory: " + data, e);
        }
    }

    /**
     * Waits until everything is healthy.
     *
     * @param stillThere whether it makes sense to go on waiting
     * @return where everything is; empty if it does not make sense any more, or time is over
     */
    public Optional<Endpoints> awaitHealthy(Duration timeout, BooleanSupplier stillThere) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (stillThere.getAsBoolean() && System.nanoTime() < deadline) {
            Optional<Endpoints> endpoints = endpoints();
            if (endpoints.isPresent() && isHealthy(endpoints.get())) {
                return endpoints;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return Optional.empty();
    }

    /** Whether every component is healthy. */
    public static boolean isHealthy(Endpoints endpoints) {
        return endpoints.components().values().stream()
                .allMatch(component -> component.state() == ComponentState.HEALTHY);
    }

    /**
     * Stops it and what it has left, and returns when all is gone.
     *
     * @param progress gets a line for each thing worth telling
     */
    public void stop(Consumer<String> progress) throws InterruptedException {
        try {
            Optional<ProcessHandle> launcher = isRunning() ? run.launcher() : Optional.empty();
            if (launcher.isPresent()) {
                progress.accept("Stopping the stack in " + data);
                launcher.get().destroy();
                if (!awaitStopped(STOP_TIMEOUT)) {
                    progress.accept("It does not stop; killing it");
                    launcher.get().destroyForcibly();
                }
            }
            List<String> left = run.clear(CLEAR_PATIENCE);
            if (!left.isEmpty()) {
                progress.accept("Stopped what a killed run had left: " + String.join(", ", left));
            } else if (launcher.isPresent()) {
                progress.accept("Stopped");
            } else {
                progress.accept("Nothing runs in " + data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot stop the stack in: " + data, e);
        }
    }

    private boolean awaitStopped(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (isRunning()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return true;
    }
}

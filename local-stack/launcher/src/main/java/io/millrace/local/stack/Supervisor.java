package io.millrace.local.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches over one component for as long as the stack runs: starts it when what it needs is there, and again when it
 * dies. A first start that fails, and a component that keeps dying, end the stack; see {@link ComponentState} for the
 * way and {@link RestartPolicy} for the rule.
 */
final class Supervisor implements Runnable {

    private static final int WRONG_CONFIGURATION = 2;
    private static final Duration PROBE_PAUSE = Duration.ofMillis(100);

    private final Component component;
    private final Board board;
    private final RunDirectory run;
    private final Path guard;
    private final Path directory;
    private final Path log;
    private final Consumer<String> progress;
    private final Clock clock;
    private final ReadinessProbe probe = new ReadinessProbe();

    private boolean wasHealthy;
    private volatile @Nullable GuardedProcess process;

    Supervisor(
            Component component,
            Board board,
            RunDirectory run,
            Path guard,
            Path directory,
            Path log,
            Consumer<String> progress,
            Clock clock) {
        this.component = component;
        this.board = board;
        this.run = run;
        this.guard = guard;
        this.directory = directory;
        this.log = log;
        this.progress = progress;
        this.clock = clock;
    }

    Component component() {
        return component;
    }

    @Override
    public void run() {
        try {
            superviseUntilTheEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            giveUp(StackProblem.failure(
                    "Cannot start %s: %s".formatted(component.title(), String.valueOf(e.getMessage()))));
        }
    }

    /** Stops the component, if it runs, and returns when it has ended. To be called when the board says stop. */
    void stop() throws InterruptedException, IOException {
        GuardedProcess running = process;
        if (running != null) {
            running.awaitStop();
            Files.deleteIfExists(run.pidFile(component.name()));
        }
        board.put(component.name(), status().to(ComponentState.STOPPED, 0, clock.instant()));
    }

    private void superviseUntilTheEnd() throws InterruptedException, IOException {
        int young = 0;
        while (board.awaitHealthy(component.after())) {
            Instant begin = clock.instant();
            long logStart = Files.exists(log) ? Files.size(log) : 0;
            GuardedProcess running = start();
            boolean ready = awaitReady(running, begin);
            if (ready) {
                tellHealthy(running, begin);
            }
            int exit = awaitExit(running);
            if (board.isStopping()) {
                return;
            }
            // Who ends for its configuration has not lived, however long that took.
            Duration lived = ready && exit != WRONG_CONFIGURATION
                    ? Duration.between(status().since(), clock.instant())
                    : Duration.ZERO;
            Files.deleteIfExists(run.pidFile(component.name()));
            if (!wasHealthy) {
                giveUp(whyNotStarted(exit, logStart));
                return;
            }
            RestartPolicy.Decision next = RestartPolicy.afterDeath(young, lived);
            young = next.young();
            if (next.giveUp()) {
                giveUp(whyNotKept(exit, logStart));
                return;
            }
            board.put(component.name(), status().to(ComponentState.BACKOFF, 0, clock.instant()));
            progress.accept("%s has ended (%s); starting it again".formatted(component.title(), explain(exit)));
            if (!board.pause(next.delay())) {
                return;
            }
        }
    }

    private GuardedProcess start() throws IOException {
        Instant now = clock.instant();
        ComponentStatus starting =
                wasHealthy ? status().startedAgain(now) : status().to(ComponentState.STARTING, 0, now);
        board.put(component.name(), starting);
        GuardedProcess running = GuardedProcess.start(
                wasHealthy ? component : component.first(), guard, directory, log, run.readyFile(component.name()));
        hold(running);
        // Without it, only this process knows the component, and its guard ends it when this process ends.
        ProcessHandle.of(running.pid()).flatMap(ProcessIdentity::of).ifPresent(this::remember);
        board.put(component.name(), status().to(ComponentState.STARTING, running.pid(), now));
        return running;
    }

    /** Makes a process known to {@link #stop()}; stops it if that was faster. */
    private void hold(GuardedProcess started) {
        process = started;
        if (board.isStopping()) {
            started.requestStop();
        }
    }

    private void remember(ProcessIdentity identity) {
        try {
            identity.write(run.pidFile(component.name()));
        } catch (IOException e) {
            progress.accept("Cannot write file: " + run.pidFile(component.name()));
        }
    }

    private boolean awaitReady(GuardedProcess running, Instant begin) throws InterruptedException {
        Path readyFile = run.readyFile(component.name());
        while (!running.exit().isDone()) {
            if (probe.isReady(component.readiness(), readyFile)) {
                return true;
            }
            if (clock.instant().isAfter(begin.plus(component.startTimeout()))) {
                running.awaitStop();
                return false;
            }
            try {
                running.exit().get(PROBE_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                // Then ask again.
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        return false;
    }

    private void tellHealthy(GuardedProcess running, Instant begin) {
        Instant now = clock.instant();
        wasHealthy = true;
        board.put(component.name(), status().to(ComponentState.HEALTHY, running.pid(), now));
        double seconds = Duration.between(begin, now).toMillis() / 1000.0;
        progress.accept("%-20s ready in %4.1f s   %s".formatted(component.title(), seconds, component.address()));
    }

    private static int awaitExit(GuardedProcess running) throws InterruptedException {
        try {
            return running.exit().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void giveUp(StackProblem problem) {
        board.put(component.name(), status().to(ComponentState.FAILED, 0, clock.instant()));
        board.fail(problem);
    }

    private StackProblem whyNotStarted(int exit, long logStart) {
        List<String> reasons = LogExcerpt.reasons(log, logStart);
        if (reasons.isEmpty()) {
            return StackProblem.failure(
                    "Cannot start %s: %s. See its log: %s".formatted(component.title(), explain(exit), log));
        }
        return exit == WRONG_CONFIGURATION ? StackProblem.usage(reasons) : StackProblem.failure(reasons);
    }

    private StackProblem whyNotKept(int exit, long logStart) {
        List<String> reasons = LogExcerpt.reasons(log, logStart);
        String last = reasons.isEmpty() ? "" : " Its last words: " + reasons.get(0);
        return StackProblem.failure("Cannot keep %s running: it ended %d times in a row (%s). See its log: %s.%s"
                .formatted(component.title(), RestartPolicy.MOST_DEATHS + 1, explain(exit), log, last));
    }

    private static String explain(int exit) {
        return exit > 128 ? "killed by signal " + (exit - 128) : "exit code " + exit;
    }

    private ComponentStatus status() {
        return board.get(component.name());
    }
}

package io.millrace.local.stack;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * The running servers and jobs of one pipeline. Each is a process of its own and is started again when it dies; all of
 * them stop with {@link #stop()} and with the process that holds this object, also if that one is killed.
 *
 * <p>Thread-safe.
 */
public interface Stack extends AutoCloseable {

    /**
     * Starts everything and returns when everything is healthy.
     *
     * @param config what to start, and where
     * @param progress gets a line for each thing worth telling, also later on, from any thread
     * @throws StackProblem if something does not start; nothing is left running then
     */
    static Stack start(StackConfig config, Consumer<String> progress) {
        return RunningStack.start(config, progress);
    }

    /** What was started, and where. */
    StackConfig config();

    /** Where everything is, now. */
    Endpoints endpoints();

    /**
     * Waits until every component is healthy, for example after one was killed.
     *
     * @throws StackProblem if a component was given up, or time is over
     */
    void awaitHealthy(Duration timeout);

    /**
     * Waits until the stack ends.
     *
     * @throws StackProblem if a component was given up; everything is stopped then
     */
    void awaitEnd() throws InterruptedException;

    /** Stops everything, jobs first, and returns when all processes are gone. */
    void stop();

    @Override
    default void close() {
        stop();
    }
}

package io.millrace.local.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How every component is, for all threads to read and wait on.
 *
 * <p>Thread-safe.
 */
final class Board {

    private final Map<String, ComponentStatus> statuses = new LinkedHashMap<>();
    private final Consumer<Map<String, ComponentStatus>> onChange;
    private @Nullable StackProblem failure;
    private boolean stopping;

    /**
     * @param onChange gets every new state, one at a time
     */
    Board(Collection<String> components, Instant now, Consumer<Map<String, ComponentStatus>> onChange) {
        components.forEach(name -> statuses.put(name, ComponentStatus.waiting(now)));
        this.onChange = onChange;
    }

    synchronized ComponentStatus get(String component) {
        ComponentStatus status = statuses.get(component);
        if (status == null) {
            throw new IllegalArgumentException("No component " + component);
        }
        return status;
    }

    synchronized Map<String, ComponentStatus> all() {
        return new LinkedHashMap<>(statuses);
    }

    synchronized void put(String component, ComponentStatus status) {
        statuses.put(component, status);
        onChange.accept(all());
        notifyAll();
    }

    /** The stack cannot go on; the first reason counts. */
    synchronized void fail(StackProblem reason) {
        if (failure == null && !stopping) {
            failure = reason;
        }
        notifyAll();
    }

    /** The stack is to end: who waits here returns. */
    synchronized void stop() {
        stopping = true;
        notifyAll();
    }

    synchronized boolean isStopping() {
        return stopping;
    }

    synchronized @Nullable StackProblem failure() {
        return failure;
    }

    /** Waits until some components are healthy, or there is no point in it any more. Returns whether they are. */
    synchronized boolean awaitHealthy(Collection<String> components) throws InterruptedException {
        while (!areHealthy(components) && !stopping && failure == null) {
            wait();
        }
        return areHealthy(components) && !stopping && failure == null;
    }

    /** Waits until all components are healthy, the stack ends, or time is over. Returns whether they are healthy. */
    synchronized boolean awaitAllHealthy(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!areHealthy(statuses.keySet()) && !stopping && failure == null) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return areHealthy(statuses.keySet());
    }

    /** Waits until the stack ends or cannot go on. */
    synchronized void awaitEnd() throws InterruptedException {
        while (!stopping && failure == null) {
            wait();
        }
    }

    /** Waits a while, or less if the stack ends. Returns whether to go on. */
    synchronized boolean pause(Duration duration) throws InterruptedException {
        long deadline = System.nanoTime() + duration.toNanos();
        for (long left = duration.toMillis(); left > 0 && !stopping; ) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        return !stopping;
    }

    private boolean areHealthy(Collection<String> components) {
        return components.stream().allMatch(name -> get(name).state() == ComponentState.HEALTHY);
    }
}

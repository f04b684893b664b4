package io.millrace.local.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Does one thing to many at the same time. */
final class Concurrently {

    private Concurrently() {}

    /** The results in the order of the inputs; the first failure is thrown once all have ended or been interrupted. */
    static <T, R> List<R> all(List<T> inputs, Function<T, R> task) {
        return all(inputs, Math.max(1, inputs.size()), task);
    }

    /** The same, at most so many at a time. */
    static <T, R> List<R> all(List<T> inputs, int threads, Function<T, R> task) {
        ExecutorService pool = Executors.newFixedThreadPool(threads, run -> {
            Thread thread = new Thread(run, "reconcile");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<R>> running = new ArrayList<>();
            inputs.forEach(input -> running.add(pool.submit(() -> task.apply(input))));
            List<R> results = new ArrayList<>();
            for (Future<R> future : running) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("Cannot compare", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReconcileProblem("Cannot go on comparing: interrupted", e);
        } finally {
            pool.shutdownNow();
        }
    }
}

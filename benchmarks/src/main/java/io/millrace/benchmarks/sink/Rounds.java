package io.millrace.benchmarks.sink;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;

/**
 * Lets a source of parallelism 1 emit a round of rows and then wait, so that a checkpoint can be taken exactly between two
 * rounds. Source and driver are in one JVM, which has one of these.
 */
final class Rounds implements RateLimiter {
    private static final CompletableFuture<Void> GRANTED = CompletableFuture.completedFuture(null);
    private static Rounds current = new Rounds();

    private long left;
    private CompletableFuture<Void> more = new CompletableFuture<>();
    private CompletableFuture<Void> drained = new CompletableFuture<>();

    /** The rounds of the job that is submitted next. */
    static synchronized Rounds restart() {
        current = new Rounds();
        return current;
    }

    private static synchronized Rounds current() {
        return current;
    }

    /** Takes the driver's rounds in the source's task. */
    static final class Strategy implements RateLimiterStrategy {
        private static final long serialVersionUID = 1L;

        @Override
        public RateLimiter createRateLimiter(int parallelism) {
            return current();
        }
    }

    @Override
    public synchronized CompletionStage<Void> acquire() {
        if (left > 0) {
            left--;
            return GRANTED;
        }
        // The source asks for a row when it has emitted the one before.
        drained.complete(null);
        more = new CompletableFuture<>();
        return more;
    }

    /** Completes when the source waits, all rows released so far being emitted. */
    synchronized CompletableFuture<Void> drained() {
        return drained;
    }

    /** Lets so many more rows through; to be called while the source waits. */
    synchronized void release(long rows) {
        drained = new CompletableFuture<>();
        left = rows - 1;
        more.complete(null);
    }
}

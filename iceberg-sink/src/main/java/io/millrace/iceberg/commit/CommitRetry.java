package io.millrace.iceberg.commit;

import io.millrace.iceberg.table.PinnedOperations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.ValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again what is safe to try again, at growing intervals, until it succeeds or the time is over.
 *
 * @param timeout the time
 * @param clock what tells it
 * @param pause waits between attempts
 */
public record CommitRetry(Duration timeout, InstantSource clock, Pause pause) {
    private static final Logger LOG = LoggerFactory.getLogger(CommitRetry.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Waits. */
    @FunctionalInterface
    public interface Pause {
        void take(Duration duration);
    }

    /** Runs the attempt at least once. */
    public <R> R run(String what, Supplier<R> attempt) {
        var deadline = clock.instant().plus(timeout);
        Duration wait = FIRST_PAUSE;
        for (int count = 1; ; count++) {
            try {
                return attempt.get();
            } catch (TableCommitter.EpochTaken | ValidationException | IllegalArgumentException hopeless) {
                throw hopeless;
            } catch (PinnedOperations.BaseMoved moved) {
                LOG.info("{}: the table moved on, attempt {}", what, count);
                give(up(deadline), moved);
            } catch (RuntimeException failed) {
                LOG.warn(
                        "{}: attempt {} failed or its outcome is unknown, looking again: {}",
                        what,
                        count,
                        brief(failed));
                LOG.debug("{}: attempt {}", what, count, failed);
                give(up(deadline), failed);
            }
            pause.take(wait);
            wait = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait.multipliedBy(2);
        }
    }

    /** Iceberg's message for an unknown outcome is a page of advice. */
    private static String brief(RuntimeException failure) {
        return failure.getClass().getSimpleName() + ": "
                + String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private boolean up(Instant deadline) {
        return !clock.instant().isBefore(deadline);
    }

    private static void give(boolean up, RuntimeException cause) {
        if (up) {
            throw cause;
        }
    }
}

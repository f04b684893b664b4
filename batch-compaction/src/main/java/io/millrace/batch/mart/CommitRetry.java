package io.millrace.batch.mart;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;

/** Repeats changes of a table's references, which Iceberg does not repeat itself when another commit comes first. */
public final class CommitRetry {
    private static final int ATTEMPTS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 200;

    private CommitRetry() {}

    /**
     * Does something with a table as it is now, again from the start as often as another commit comes first.
     *
     * @param what what is done, as it goes on after "Cannot"
     * @throws MartFailure if it never wins
     */
    public static <T> T repeat(Table table, String what, Supplier<T> action) {
        for (int attempt = 1; ; attempt++) {
            table.refresh();
            try {
                return action.get();
            } catch (CommitFailedException | IllegalArgumentException e) {
                // The latter: a reference has come, gone or moved between the look at the table and the change.
                if (attempt == ATTEMPTS) {
                    throw new MartFailure(
                            "Cannot " + what + ": " + attempt
                                    + " attempts lost against other writers. Run the day again",
                            e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MartFailure("Cannot go on: the run was stopped", e);
        }
    }
}

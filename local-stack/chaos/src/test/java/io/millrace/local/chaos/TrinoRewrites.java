package io.millrace.local.chaos;

import java.io.IOException;
import java.time.Duration;

/** Trino's {@code OPTIMIZE} of a table in a loop, which loses against other writers, and to servers that are away, as often as not. */
final class TrinoRewrites implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Thread thread;
    private volatile boolean stopped;

    private TrinoRewrites(TrinoServer trino, String table) {
        this.thread = new Thread(() -> rewrite(trino, table), "trino-rewrites");
    }

    /** Begins; the table need not exist yet. */
    static TrinoRewrites of(TrinoServer trino, String table) {
        TrinoRewrites rewrites = new TrinoRewrites(trino, table);
        rewrites.thread.start();
        return rewrites;
    }

    private void rewrite(TrinoServer trino, String table) {
        try {
            while (!stopped) {
                try {
                    trino.rows("ALTER TABLE " + table + " EXECUTE optimize");
                } catch (AssertionError | IOException lost) {
                    System.out.println(lost.getMessage());
                }
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends after the rewrite in hand. */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.millrace.batch.raw.read;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Says from time to time how far a zone is. */
public final class Progress {
    private static final long SECONDS_BETWEEN = 5;

    private final String zone;
    private final PrintWriter out;

    /** @param out where people look while they wait */
    public Progress(String zone, PrintWriter out) {
        this.zone = zone;
        this.out = out;
    }

    /** Something that goes on until it is closed. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Watches files being worked off.
     *
     * @param what what is done with them, in the past tense
     */
    public Watch watch(String what, long files, LongSupplier done) {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!end.await(SECONDS_BETWEEN, TimeUnit.SECONDS)) {
                            out.printf(Locale.ROOT, "%s: %s %,d of %,d files%n", zone, what, done.getAsLong(), files);
                            out.flush();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "progress");
        thread.setDaemon(true);
        thread.start();
        return end::countDown;
    }
}

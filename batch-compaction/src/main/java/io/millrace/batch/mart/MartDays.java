package io.millrace.batch.mart;

import io.millrace.batch.mart.deadline.DeadlineWatch;
import io.millrace.schemas.pipeline.Mart;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs days, some beside each other. Each is independent: one that fails is reported, and the others go on. */
final class MartDays {
    private static final Logger LOG = LoggerFactory.getLogger(MartDays.class);

    private final MartRun run;
    private final List<Mart> marts;
    private final int parallel;
    private final boolean anew;
    private final MartReport report;
    private final @Nullable DeadlineWatch watch;

    MartDays(
            MartRun run,
            List<Mart> marts,
            int parallel,
            boolean anew,
            MartReport report,
            @Nullable DeadlineWatch watch) {
        this.run = run;
        this.marts = marts;
        this.parallel = parallel;
        this.anew = anew;
        this.report = report;
        this.watch = watch;
    }

    /** Runs all marts of each day; true if all days are published. */
    boolean run(List<LocalDate> days) throws InterruptedException {
        AtomicBoolean allPublished = new AtomicBoolean(true);
        ExecutorService workers = Executors.newFixedThreadPool(Math.min(parallel, days.size()));
        try {
            for (LocalDate day : days) {
                workers.execute(() -> {
                    if (!runDay(day)) {
                        allPublished.set(false);
                    }
                });
            }
        } finally {
            workers.shutdown();
            workers.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS);
        }
        return allPublished.get();
    }

    /** A mart that fails does not keep the day's others from being published. */
    private boolean runDay(LocalDate day) {
        boolean published = true;
        for (Mart mart : marts) {
            if (watch != null) {
                watch.begin();
            }
            try {
                report.published(run.run(mart, day, anew));
                if (watch != null) {
                    watch.done(mart.table());
                }
            } catch (MartFailure e) {
                published = false;
                report.failed(mart.table(), day, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                published = false;
                LOG.error("Cannot compute {} of {}", day, mart.table(), e);
                report.failed(mart.table(), day, "Cannot compute: " + e);
            }
        }
        return published;
    }
}

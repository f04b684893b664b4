package io.millrace.batch.mart.deadline;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Watches a run against its deadline, and tells of a risk once and of a miss once, each with everything that is unfinished.
 * May be used by several threads.
 */
public final class DeadlineWatch implements AutoCloseable {
    private static final long LOOK_EVERY_SECONDS = 10;

    private final Instant deadline;
    private final Duration margin;
    private final String what;
    private final Alerts alerts;
    private final Clock clock;
    private final Map<String, Duration> unfinished;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "deadline");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Instant underWaySince;
    private boolean warned;
    private boolean missed;

    /**
     * Sets the deadline.
     *
     * @param what what has to be done by then, for messages
     * @param deadline when everything has to be done
     * @param margin how long before the deadline it should be done
     * @param usual how long each part has usually taken, in the order of the run; zero where nothing is known
     */
    public DeadlineWatch(
            String what, Instant deadline, Duration margin, Map<String, Duration> usual, Alerts alerts, Clock clock) {
        this.what = what;
        this.deadline = deadline;
        this.margin = margin;
        this.unfinished = new LinkedHashMap<>(usual);
        this.alerts = alerts;
        this.clock = clock;
    }

    /** Looks now, and then every few seconds. */
    public void start() {
        looks.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** A part begins. */
    public synchronized void begin() {
        underWaySince = clock.instant();
    }

    /** A part is done in time or too late. */
    public synchronized void done(String part) {
        look();
        unfinished.remove(part);
        underWaySince = null;
    }

    /** Whether something was not done by the deadline. */
    public synchronized boolean missed() {
        look();
        return missed;
    }

    /** Tells of a risk or a miss that it has not told of. */
    synchronized void look() {
        if (unfinished.isEmpty() || missed) {
            return;
        }
        Instant now = clock.instant();
        Outlook outlook = Outlook.of(now, deadline, margin, left(now));
        if (outlook instanceof Outlook.Missed) {
            missed = true;
            alerts.send(
                    "Missed: " + what + " was due at " + deadline + " and is not done. Unfinished: " + names() + ".",
                    parts());
        } else if (outlook instanceof Outlook.AtRisk risk && !warned) {
            warned = true;
            alerts.send(
                    "At risk: " + what + " is due at " + deadline + " and will, going by other days, be done at "
                            + risk.projected() + ". Unfinished: " + names() + ".",
                    parts());
        }
    }

    private Duration left(Instant now) {
        Duration left = unfinished.values().stream().reduce(Duration.ZERO, Duration::plus);
        if (underWaySince == null) {
            return left;
        }
        Duration first = unfinished.values().iterator().next();
        Duration gone = Duration.between(underWaySince, now);
        return left.minus(gone.compareTo(first) > 0 ? first : gone);
    }

    private String names() {
        return parts().stream().collect(Collectors.joining(", "));
    }

    private List<String> parts() {
        return List.copyOf(unfinished.keySet());
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}

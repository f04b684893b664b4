package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Stopwatch;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Runs steps one after the other and says where it is and how long the rest may take. */
final class Progress {
    private final List<Step> steps;
    private double seconds;
    private double weight;

    Progress(List<Step> steps) {
        this.steps = steps;
    }

    void run() throws Exception {
        double left = steps.stream().mapToDouble(Step::weight).sum();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Stopwatch stopwatch = new Stopwatch();
            boolean done = step.body().run();
            left -= step.weight();
            if (done) {
                seconds += stopwatch.read().seconds();
                weight += step.weight();
            }
            System.out.printf(
                    "%s [%d/%d] %s: %s%s%n",
                    LocalTime.now().truncatedTo(ChronoUnit.SECONDS),
                    i + 1,
                    steps.size(),
                    step.title(),
                    done ? time(stopwatch.read().seconds()) : "had been done",
                    weight > 0 && i + 1 < steps.size() ? ", about " + time(left * seconds / weight) + " left" : "");
        }
    }

    private static String time(double seconds) {
        Duration duration = Duration.ofSeconds(Math.round(seconds));
        return duration.toMinutes() == 0
                ? duration.toSeconds() + " s"
                : duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
}

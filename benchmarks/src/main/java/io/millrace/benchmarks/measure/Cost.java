package io.millrace.benchmarks.measure;

import java.util.Comparator;
import java.util.List;

/**
 * What something took.
 *
 * @param seconds on the clock
 * @param cpuSeconds processor time of all threads of the process, which other work on the machine hardly lengthens
 */
public record Cost(double seconds, double cpuSeconds) {
    public static final Cost NONE = new Cost(0, 0);

    public Cost plus(Cost other) {
        return new Cost(seconds + other.seconds, cpuSeconds + other.cpuSeconds);
    }

    public Cost dividedBy(double share) {
        return new Cost(seconds / share, cpuSeconds / share);
    }

    /** The middle of the times on the clock, and the middle of the processor times; of an even number the lower one. */
    public static Cost median(List<Cost> costs) {
        return new Cost(
                middle(costs.stream().map(Cost::seconds).toList()),
                middle(costs.stream().map(Cost::cpuSeconds).toList()));
    }

    private static double middle(List<Double> values) {
        return values.stream()
                .sorted(Comparator.naturalOrder())
                .skip((values.size() - 1) / 2)
                .findFirst()
                .orElseThrow();
    }
}

package io.millrace.benchmarks.measure;

import java.util.Comparator;
import java.util.List;

/**
 * What something took.
 *
 * @param seconds on the clock
 * @param cpuSeconds processor time of all threads of the process, which other work on the machine hardly lengthens
 * @param compilerSeconds what of that the JIT compiler took, which a process that runs for days no longer needs; 0 where that
 *     is not known
 */
public record Cost(double seconds, double cpuSeconds, double compilerSeconds) {
    public static final Cost NONE = new Cost(0, 0, 0);

    /** Processor time without the JIT compiler's. */
    public double workSeconds() {
        return cpuSeconds - compilerSeconds;
    }

    public Cost plus(Cost other) {
        return new Cost(
                seconds + other.seconds, cpuSeconds + other.cpuSeconds, compilerSeconds + other.compilerSeconds);
    }

    public Cost dividedBy(double share) {
        return new Cost(seconds / share, cpuSeconds / share, compilerSeconds / share);
    }

    /** The middle of the times on the clock, that of the processor times, and so on; of an even number the lower one. */
    public static Cost median(List<Cost> costs) {
        return new Cost(
                middle(costs.stream().map(Cost::seconds).toList()),
                middle(costs.stream().map(Cost::cpuSeconds).toList()),
                middle(costs.stream().map(Cost::compilerSeconds).toList()));
    }

    private static double middle(List<Double> values) {
        return values.stream()
                .sorted(Comparator.naturalOrder())
                .skip((values.size() - 1) / 2)
                .findFirst()
                .orElseThrow();
    }
}

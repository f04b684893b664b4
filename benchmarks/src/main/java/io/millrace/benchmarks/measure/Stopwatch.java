package io.millrace.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Measures this process from a moment on. */
public final class Stopwatch {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final long startedNanos = System.nanoTime();
    private final long startedCpuNanos = SYSTEM.getProcessCpuTime();
    private final double startedCompiler = CompilerTime.seconds();

    /** What the process has taken since the stopwatch was made. */
    public Cost read() {
        return new Cost(
                (System.nanoTime() - startedNanos) / 1e9,
                (SYSTEM.getProcessCpuTime() - startedCpuNanos) / 1e9,
                CompilerTime.seconds() - startedCompiler);
    }
}

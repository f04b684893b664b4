package io.millrace.benchmarks.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The processor time that the JIT compiler's threads have taken, from Linux's {@code /proc}. Exact if the JVM keeps its
 * compiler threads ({@code -XX:-UseDynamicNumberOfCompilerThreads}): what a thread took that has ended cannot be read.
 */
final class CompilerTime {
    private static final Path TASKS = Path.of("/proc/self/task");
    /** Linux's unit of times in {@code stat}, on all of its platforms. */
    private static final double TICKS_PER_SECOND = 100;

    private CompilerTime() {}

    /** Seconds since the process was started; 0 where there is no such directory. */
    static double seconds() {
        double ticks = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                ticks += ticks(task);
            }
        } catch (IOException notLinux) {
            return 0;
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static long ticks(Path task) {
        try {
            if (!Files.readString(task.resolve("comm")).matches("C[12] Compiler.*\\n")) {
                return 0;
            }
            String stat = Files.readString(task.resolve("stat"));
            // The name stands in brackets and may hold spaces; behind it the user's time is field 12, the system's 13.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (IOException ended) {
            return 0;
        }
    }
}

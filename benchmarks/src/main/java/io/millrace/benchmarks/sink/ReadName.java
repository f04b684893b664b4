package io.millrace.benchmarks.sink;

import java.util.Locale;

/** The names of the results of reads. */
final class ReadName {
    /** In place of a contender: the table rewritten without deletes. */
    static final String COMPACTED = "compacted";

    private ReadName() {}

    static String of(Workload workload, String contender, int commits, BenchmarkOptions.Engine engine) {
        return "read-" + workload.label() + "-" + contender + "-" + commits + "-"
                + engine.name().toLowerCase(Locale.ROOT);
    }
}

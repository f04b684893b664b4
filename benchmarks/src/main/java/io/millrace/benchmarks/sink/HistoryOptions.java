package io.millrace.benchmarks.sink;

import java.util.List;
import picocli.CommandLine.Option;

/** A history as a process's arguments. */
public final class HistoryOptions {
    @Option(names = "--workload", required = true)
    private Workload workload;

    @Option(names = "--keys", required = true)
    private long keys;

    @Option(names = "--upserts", required = true)
    private int upserts;

    /** Filled in by picocli. */
    @SuppressWarnings("NullAway.Init")
    public HistoryOptions() {}

    public History history() {
        return new History(workload, keys, upserts);
    }

    static List<String> arguments(History history) {
        return List.of(
                "--workload", history.workload().name(),
                "--keys", Long.toString(history.keys()),
                "--upserts", Integer.toString(history.upserts()));
    }
}

package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.sink.ReadResult.Operation;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a reader's process is told, whatever the engine. */
public final class ReadOptions {
    @Mixin
    private HistoryOptions history;

    @Option(names = "--table", required = true, description = "The table's folder.")
    private Path table;

    @Option(names = "--metadata", required = true, description = "The address of the table's metadata.")
    private String metadata;

    @Option(names = "--snapshot", required = true)
    private long snapshot;

    @Option(names = "--commits", required = true, description = "The rounds that the snapshot has.")
    private int commits;

    @Option(names = "--operations", split = ",", required = true)
    private List<Operation> operations;

    @Option(names = "--repeats", required = true)
    private int repeats;

    @Option(names = "--cpu-limit", required = true, description = "Processor seconds that an operation may take.")
    private double cpuLimit;

    @Option(names = "--events", required = true, description = "Gets a line for each operation.")
    private Path events;

    /** Filled in by picocli. */
    @SuppressWarnings("NullAway.Init")
    public ReadOptions() {}

    public Path table() {
        return table;
    }

    public String metadata() {
        return metadata;
    }

    public long snapshot() {
        return snapshot;
    }

    History history() {
        return history.history();
    }

    int commits() {
        return commits;
    }

    List<Operation> operations() {
        return operations;
    }

    int repeats() {
        return repeats;
    }

    double cpuLimit() {
        return cpuLimit;
    }

    Path events() {
        return events;
    }
}

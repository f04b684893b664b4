package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.sink.BenchmarkOptions.Engine;
import io.millrace.benchmarks.sink.ReadResult.Operation;
import io.millrace.benchmarks.sink.ReadResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Our upsert sink beside Iceberg's own: writes the same changes with each, reads what they left, and measures the index.
 *
 * <p>Each step runs in a process of its own and leaves a result; a run that was stopped goes on behind the last result.
 */
@Command(
        name = "sink",
        mixinStandardHelpOptions = true,
        description = "Compares the upsert sinks: write throughput, read cost without compaction, state.")
public final class SinkBenchmark implements Callable<Integer> {
    @Mixin
    private BenchmarkOptions options;

    @Option(names = "--project", defaultValue = ".", description = "The project's directory.", hidden = true)
    private Path project;

    private WorkDirectory work;

    @SuppressWarnings("NullAway.Init")
    private SinkBenchmark() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs the benchmark in this process, its steps in others; returns the exit code. */
    static int run(String... args) {
        return new CommandLine(new SinkBenchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
    }

    @Override
    public Integer call() throws Exception {
        work = WorkDirectory.open(options.work(), options.identity());
        List<Step> steps = new ArrayList<>();
        for (Workload workload : options.workloads()) {
            if (options.onLocalDisk()) {
                locally(workload, steps);
                if (options.largeCommitsToo()) {
                    inLargeCommits(workload, steps);
                }
            }
        }
        if (options.onS3()) {
            steps.add(new Step("write to S3", 0.1 * options.contenders().size(), this::writeToS3));
        }
        if (options.stateKeys() > 0) {
            steps.add(new Step("index of " + options.stateKeys() + " keys", 3, this::state));
        }
        if (!options.reportOnly()) {
            new Progress(steps).run();
        }
        new SinkReport(options, work).write();
        System.out.println("Data and plots are in " + options.out());
        if (!options.keep()) {
            work.remove();
        }
        return 0;
    }

    private void locally(Workload workload, List<Step> steps) {
        for (Contender contender : options.contenders()) {
            String name = workload.label() + "-" + contender.label();
            steps.add(new Step(
                    "write " + name,
                    2,
                    () -> write(
                            WriteName.of("local", workload, contender),
                            options.history(workload),
                            contender,
                            options.allCommits(),
                            "local",
                            work.localCatalog())));
        }
        boolean compacted = options.contenders().contains(Contender.OURS_V3);
        if (compacted) {
            steps.add(new Step("compact " + workload.label(), 0.3, () -> compact(workload)));
        }
        for (Engine engine : options.engines()) {
            for (int commits : options.commits()) {
                for (Contender contender : options.contenders()) {
                    String name = ReadName.of(workload, contender.label(), commits, engine);
                    steps.add(new Step("read " + name, 0.3, () -> read(workload, contender, commits, engine, false)));
                }
            }
            if (compacted) {
                String name = ReadName.of(workload, ReadName.COMPACTED, options.allCommits(), engine);
                steps.add(new Step(
                        "read " + name,
                        0.2,
                        () -> read(workload, Contender.OURS_V3, options.allCommits(), engine, true)));
            }
        }
    }

    private void inLargeCommits(Workload workload, List<Step> steps) {
        for (Contender contender : options.contenders()) {
            String step = WriteName.of("large", workload, contender);
            steps.add(new Step(
                    step,
                    1,
                    () -> write(
                            step,
                            options.largeHistory(workload),
                            contender,
                            options.largeCommits(),
                            "large",
                            work.localCatalog())));
        }
    }

    private boolean write(
            String step, History history, Contender contender, int commits, String storage, Map<String, String> catalog)
            throws Exception {
        if (work.has(step)) {
            return false;
        }
        List<String> arguments = new ArrayList<>(HistoryOptions.arguments(history));
        arguments.addAll(List.of(
                "--contender", contender.name(),
                "--commits", Integer.toString(commits),
                "--parallelism", Integer.toString(options.parallelism()),
                "--catalog", work.catalogFile(storage, catalog).toString(),
                "--table", table(storage, history.workload(), contender),
                "--checkpoints", work.checkpoints().toString(),
                "--result", work.result(step).toString()));
        arguments.addAll(options.flink());
        require(step, own(WriteStep.class).run(arguments, work.log(step)));
        work.checkpoints();
        return true;
    }

    private static String table(String where, Workload workload, Contender contender) {
        return (where + "_" + workload.label() + "_" + contender.label()).replace('-', '_');
    }

    private boolean writeToS3() throws Exception {
        List<Contender> missing = options.contenders().stream()
                .filter(contender -> !work.has(WriteName.of("s3", Workload.UNIFORM, contender)))
                .toList();
        if (missing.isEmpty()) {
            return false;
        }
        try (LocalServers servers = LocalServers.start(project.toAbsolutePath(), work.root(), options.port())) {
            for (Contender contender : missing) {
                write(
                        WriteName.of("s3", Workload.UNIFORM, contender),
                        options.history(Workload.UNIFORM),
                        contender,
                        options.s3Commits(),
                        "s3",
                        servers.catalog());
            }
        }
        return true;
    }

    private boolean compact(Workload workload) throws Exception {
        String step = "compact-" + workload.label();
        if (work.has(step)) {
            return false;
        }
        Path table = work.table(table("local", workload, Contender.OURS_V3));
        require(
                step,
                spark("SparkCompactStep")
                        .run(
                                List.of(
                                        "--table",
                                        table.toString(),
                                        "--result",
                                        work.result(step).toString()),
                                work.log(step)));
        return true;
    }

    private boolean read(Workload workload, Contender contender, int commits, Engine engine, boolean compacted)
            throws Exception {
        String step = ReadName.of(workload, compacted ? ReadName.COMPACTED : contender.label(), commits, engine);
        if (work.has(step)) {
            return false;
        }
        WriteResult written = work.read(WriteName.of("local", workload, contender), WriteResult.class);
        String metadata = written.metadata();
        long snapshot = written.after(commits).id();
        if (compacted) {
            CompactResult compact = work.read("compact-" + workload.label(), CompactResult.class);
            metadata = compact.metadata();
            snapshot = compact.snapshot();
        }
        Path events = work.root().resolve(step + ".events");
        Files.deleteIfExists(events);
        List<Operation> left = new ArrayList<>(List.of(Operation.SCAN, Operation.AGGREGATE, Operation.LOOK_UP));
        while (!left.isEmpty()) {
            List<String> arguments = new ArrayList<>(HistoryOptions.arguments(options.history(workload)));
            arguments.addAll(List.of(
                    "--table", work.table(table("local", workload, contender)).toString(),
                    "--metadata", metadata,
                    "--snapshot", Long.toString(snapshot),
                    "--commits", Integer.toString(commits),
                    "--operations", left.stream().map(Enum::name).collect(Collectors.joining(",")),
                    "--repeats", Integer.toString(options.repeats()),
                    "--cpu-limit", Double.toString(options.cpuLimit()),
                    "--events", events.toString()));
            Fork fork = engine == Engine.SPARK ? spark("SparkReadStep") : own(GenericReadStep.class);
            int exit = fork.run(arguments, work.log(step));
            Operation first = left.get(0);
            work.events(events).forEach(result -> left.remove(result.operation()));
            if (exit == Reads.OUT_OF_MEMORY && !left.isEmpty()) {
                first = left.get(0);
                ReadResult died = new ReadResult(first, Outcome.OUT_OF_MEMORY, List.of(), 0, 0);
                Files.writeString(events, Json.line(died) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } else if (exit != Reads.OVER_LIMIT) {
                require(step, exit);
            }
            if (exit != 0) {
                // What the other operations would have to load is the same.
                left.clear();
                if (first == Operation.SCAN && engine == Engine.GENERIC) {
                    left.add(Operation.SAMPLED_SCAN);
                }
            }
        }
        Json.write(work.result(step), work.events(events));
        return true;
    }

    private boolean state() throws Exception {
        String step = "state";
        if (work.has(step)) {
            return false;
        }
        List<String> arguments = new ArrayList<>(
                HistoryOptions.arguments(new History(Workload.UNIFORM, options.stateKeys(), options.upserts())));
        arguments.addAll(List.of(
                "--parallelism", Integer.toString(options.parallelism()),
                "--catalog", work.catalogFile("local", work.localCatalog()).toString(),
                "--table", "state",
                "--checkpoints", work.checkpoints().toString(),
                "--result", work.result(step).toString()));
        arguments.addAll(options.flink());
        require(step, own(StateStep.class).run(arguments, work.log(step)));
        work.checkpoints();
        return true;
    }

    private Fork own(Class<?> main) {
        return new Fork(System.getProperty("java.class.path"), main.getName(), options.heap(), work.scratch());
    }

    private Fork spark(String main) throws IOException {
        return new Fork(
                Fork.classPathOf(project.toAbsolutePath().normalize().resolve("benchmarks/spark")),
                "io.millrace.benchmarks.spark." + main,
                options.heap(),
                work.scratch());
    }

    private void require(String step, int exitCode) throws IOException {
        if (exitCode != 0) {
            throw new IOException("Cannot finish " + step + ": exit code " + exitCode + ", see " + work.log(step));
        }
    }
}

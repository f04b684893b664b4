package io.millrace.benchmarks.sink;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** What is measured, and how much of it. */
final class BenchmarkOptions {
    @Option(names = "--keys", defaultValue = "2000000", description = "Rows of the table. Default: ${DEFAULT-VALUE}.")
    private long keys;

    @Option(
            names = "--upserts",
            defaultValue = "20000",
            description = "Changes in a commit. Default: ${DEFAULT-VALUE}.")
    private int upserts;

    @Option(
            names = "--commits",
            split = ",",
            defaultValue = "10,50,200",
            description = "Commits after which the table is read. Default: ${DEFAULT-VALUE}.")
    private List<Integer> commits;

    @Option(
            names = "--contenders",
            split = ",",
            defaultValue = "STOCK_V2,OURS_V2,OURS_V3",
            description = "Default: ${DEFAULT-VALUE}.")
    private List<Contender> contenders;

    @Option(
            names = "--workloads",
            split = ",",
            defaultValue = "UNIFORM,RECENT",
            description = "Which rows the upserts hit. Default: ${DEFAULT-VALUE}.")
    private List<Workload> workloads;

    @Option(
            names = "--storage",
            split = ",",
            defaultValue = "LOCAL,S3",
            description = "Where tables are written to; they are read from LOCAL only. Default: ${DEFAULT-VALUE}.")
    private List<Storage> storages;

    @Option(
            names = "--s3-commits",
            defaultValue = "20",
            description = "Commits written to S3. Default: ${DEFAULT-VALUE}.")
    private int s3Commits;

    @Option(
            names = "--large-upserts",
            defaultValue = "200000",
            description = "Changes in a commit of the additional writes with large commits; 0 leaves it out. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int largeUpserts;

    @Option(names = "--large-commits", defaultValue = "6", description = "Such commits. Default: ${DEFAULT-VALUE}.")
    private int largeCommits;

    @Option(
            names = "--engines",
            split = ",",
            defaultValue = "GENERIC,SPARK",
            description = "Who reads. Default: ${DEFAULT-VALUE}.")
    private List<Engine> engines;

    @Option(
            names = "--state-keys",
            defaultValue = "10000000",
            description = "Rows for the measurement of the index; 0 leaves it out. Default: ${DEFAULT-VALUE}.")
    private long stateKeys;

    @Option(names = "--parallelism", defaultValue = "2", description = "Writers. Default: ${DEFAULT-VALUE}.")
    private int parallelism;

    @Option(
            names = "--repeats",
            defaultValue = "3",
            description = "Repetitions of a read, of which the median counts. Default: ${DEFAULT-VALUE}.")
    private int repeats;

    @Option(
            names = "--cpu-limit",
            defaultValue = "600",
            description = "Processor seconds after which a read is given up. Default: ${DEFAULT-VALUE}.")
    private double cpuLimit;

    @Option(names = "--heap", defaultValue = "2g", description = "Each process's heap. Default: ${DEFAULT-VALUE}.")
    private String heap;

    @Option(names = "--flink", description = "A setting of Flink's for all contenders, as KEY=VALUE; repeatable.")
    private Map<String, String> flink = new TreeMap<>();

    @Option(
            names = "--port",
            defaultValue = "28000",
            description = "The first of two free ports, for S3 and its catalog. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--work",
            description = "A directory for tables and interim results; a run that was stopped is taken up there."
                    + " Default: a fixed one under the system's temporary directory.")
    private Path work = Path.of(System.getProperty("java.io.tmpdir"), "millrace-sink-benchmark");

    @Option(
            names = "--out",
            defaultValue = "docs/benchmarks",
            description = "Gets data and plots; the page beside it of the same name gets the tables. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--keep", description = "Leave the working directory in place.")
    private boolean keep;

    @Option(
            names = "--report-only",
            description = "Measure nothing: report what a stopped run has measured so far, and leave it as it is.")
    private boolean reportOnly;

    @Option(
            names = "--add",
            description = "Put the results into those that are there already, in place of the same ones: for a part"
                    + " that is measured again.")
    private boolean add;

    @Option(names = "--quick", description = "A small run of about two minutes, to see that everything works.")
    private boolean quick;

    /** Where a table is. */
    enum Storage {
        LOCAL,
        S3
    }

    /** Who reads. */
    enum Engine {
        GENERIC,
        SPARK
    }

    @SuppressWarnings("NullAway.Init")
    BenchmarkOptions() {}

    long keys() {
        return quick ? 20_000 : keys;
    }

    int upserts() {
        return quick ? 500 : upserts;
    }

    List<Integer> commits() {
        return quick ? List.of(2, 5) : commits.stream().sorted().toList();
    }

    int allCommits() {
        return commits().get(commits().size() - 1);
    }

    int s3Commits() {
        return quick ? 3 : s3Commits;
    }

    List<Contender> contenders() {
        return contenders;
    }

    List<Workload> workloads() {
        return workloads;
    }

    boolean onS3() {
        return storages.contains(Storage.S3);
    }

    boolean onLocalDisk() {
        return storages.contains(Storage.LOCAL);
    }

    /** The rows of an additional write with large commits. */
    History largeHistory(Workload workload) {
        return new History(workload, keys(), largeUpserts());
    }

    boolean largeCommitsToo() {
        return largeUpserts > 0;
    }

    int largeUpserts() {
        return quick ? Math.min(largeUpserts, 5_000) : largeUpserts;
    }

    int largeCommits() {
        return largeCommits;
    }

    List<Engine> engines() {
        return engines;
    }

    long stateKeys() {
        return quick ? Math.min(stateKeys, 20_000) : stateKeys;
    }

    int parallelism() {
        return parallelism;
    }

    int repeats() {
        return repeats;
    }

    double cpuLimit() {
        return cpuLimit;
    }

    String heap() {
        return heap;
    }

    List<String> flink() {
        return flink.entrySet().stream()
                .map(setting -> "--flink=" + setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    int port() {
        return port;
    }

    Path work() {
        return work.toAbsolutePath();
    }

    Path out() {
        return out.toAbsolutePath();
    }

    boolean keep() {
        return keep || reportOnly;
    }

    boolean reportOnly() {
        return reportOnly;
    }

    boolean add() {
        return add;
    }

    History history(Workload workload) {
        return new History(workload, keys(), upserts());
    }

    /** What must be the same for a run to be taken up. */
    String identity() {
        return "keys %d, upserts %d, commits %d, commits to S3 %d, parallelism %d, heap %s, Flink %s%n"
                .formatted(keys(), upserts(), allCommits(), s3Commits(), parallelism, heap, flink);
    }
}

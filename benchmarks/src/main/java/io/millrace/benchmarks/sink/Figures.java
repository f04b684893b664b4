package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.sink.BenchmarkOptions.Engine;
import io.millrace.benchmarks.sink.ReadResult.Operation;
import io.millrace.benchmarks.sink.ReadResult.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Everything that a run has measured: what {@code sink.json} holds. */
record Figures(
        Map<String, String> setting,
        List<Write> writes,
        List<Read> reads,
        @Nullable StateResult state) {

    /**
     * A contender's writing.
     *
     * @param storage {@code local}, {@code s3}, or {@code large} for large commits on the local disk
     * @param upserts the upserts as a whole, with all commits
     * @param rows upserts
     * @param medianRound the middle one of the rounds
     * @param bytesPerCommit bytes of data and delete files in a commit of upserts, on average
     * @param filesPerCommit data and delete files in such a commit, on average
     */
    record Write(
            String storage,
            Workload workload,
            Contender contender,
            long loadRows,
            Cost load,
            long rows,
            int commits,
            Cost upserts,
            Cost medianRound,
            double bytesPerCommit,
            double filesPerCommit,
            long residentBytes) {

        double rowsPerSecond() {
            return rows / upserts.seconds();
        }

        double rowsPerCpuSecond() {
            return rows / upserts.cpuSeconds();
        }

        /** The same without the JIT compiler's share. */
        double rowsPerWorkSecond() {
            return rows / upserts.workSeconds();
        }
    }

    /**
     * A reader before a table.
     *
     * @param table a contender's label, or {@link ReadName#COMPACTED}
     * @param records rows in the data files, deleted ones included
     */
    record Read(
            Workload workload,
            String table,
            int commits,
            Engine engine,
            LiveFiles files,
            long records,
            List<ReadResult> results) {

        @Nullable
        ReadResult result(Operation operation) {
            return results.stream()
                    .filter(result -> result.operation() == operation)
                    .findFirst()
                    .orElse(null);
        }

        /** What an operation took, the median of its runs; null if it was not tried, or died. */
        @Nullable
        Cost cost(Operation operation) {
            ReadResult result = result(operation);
            return result == null || result.runs().isEmpty() ? null : Cost.median(result.runs());
        }

        /** What a full scan takes: measured, or else estimated from some of the files, or else at least. */
        @Nullable
        Cost scan() {
            Cost estimated = cost(Operation.SAMPLED_SCAN);
            return estimated == null ? cost(Operation.SCAN) : estimated;
        }

        /** Whether {@link #scan} is an estimate. */
        boolean scanEstimated() {
            return cost(Operation.SAMPLED_SCAN) != null;
        }

        /** Whether {@link #scan} is only what the scan had taken when it was stopped. */
        boolean scanBound() {
            return !scanEstimated() && bound(Operation.SCAN);
        }

        /** Whether the cost is only what the operation had taken when it was stopped. */
        boolean bound(Operation operation) {
            ReadResult result = result(operation);
            return result != null && result.outcome() == Outcome.OVER_LIMIT;
        }
    }

    /** Gathers the results that are there; a run need not be whole. */
    static Figures gather(BenchmarkOptions options, WorkDirectory work) throws IOException {
        List<Write> writes = new ArrayList<>();
        List<Read> reads = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            for (Contender contender : Contender.values()) {
                for (String storage : List.of("local", "large", "s3")) {
                    String step = WriteName.of(storage, workload, contender);
                    if (work.has(step)) {
                        WriteResult result = work.read(step, WriteResult.class);
                        writes.add(write(options, storage, workload, contender, result));
                        if (storage.equals("local")) {
                            reads(options, work, workload, contender, result, reads);
                        }
                    }
                }
            }
        }
        return new Figures(
                setting(options), writes, reads, work.has("state") ? work.read("state", StateResult.class) : null);
    }

    /** These figures in place of the same ones of an earlier run, and what else that one has measured. */
    Figures addedTo(Figures earlier) {
        if (!setting.equals(earlier.setting)) {
            throw new IllegalArgumentException("Cannot add to figures that were measured with " + earlier.setting
                    + ", as these were with " + setting + ": measure all of them again, without --add.");
        }
        return new Figures(
                setting,
                replaced(earlier.writes, writes, write -> List.of(write.storage, write.workload, write.contender)),
                replaced(earlier.reads, reads, read -> List.of(read.workload, read.table, read.commits, read.engine)),
                state == null ? earlier.state : state);
    }

    private static <T> List<T> replaced(List<T> earlier, List<T> later, Function<T, Object> name) {
        Map<Object, T> all = new LinkedHashMap<>();
        earlier.forEach(figure -> all.put(name.apply(figure), figure));
        later.forEach(figure -> all.put(name.apply(figure), figure));
        return List.copyOf(all.values());
    }

    private static Map<String, String> setting(BenchmarkOptions options) {
        Map<String, String> setting = new TreeMap<>();
        setting.put("options", options.identity().strip());
        setting.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        setting.put("java", Runtime.version().toString());
        setting.put("iceberg", org.apache.iceberg.IcebergBuild.version());
        setting.put("flink", org.apache.flink.runtime.util.EnvironmentInformation.getVersion());
        return setting;
    }

    private static Write write(
            BenchmarkOptions options, String storage, Workload workload, Contender contender, WriteResult result) {
        List<SnapshotFacts> commits =
                result.snapshots().subList(1, result.snapshots().size());
        return new Write(
                storage,
                workload,
                contender,
                options.keys(),
                result.load(),
                (long) commits.size() * (storage.equals("large") ? options.largeUpserts() : options.upserts()),
                commits.size(),
                result.upserting(),
                Cost.median(result.rounds()),
                commits.stream().mapToLong(SnapshotFacts::addedBytes).average().orElse(0),
                commits.stream().mapToLong(SnapshotFacts::addedFiles).average().orElse(0),
                result.residentBytes());
    }

    private static void reads(
            BenchmarkOptions options,
            WorkDirectory work,
            Workload workload,
            Contender contender,
            WriteResult written,
            List<Read> reads)
            throws IOException {
        for (Engine engine : Engine.values()) {
            for (int commits : options.commits()) {
                String step = ReadName.of(workload, contender.label(), commits, engine);
                if (work.has(step)) {
                    SnapshotFacts snapshot = written.after(commits);
                    reads.add(new Read(
                            workload,
                            contender.label(),
                            commits,
                            engine,
                            LiveFiles.of(written.metadata(), snapshot.id()),
                            snapshot.records(),
                            Arrays.asList(work.read(step, ReadResult[].class))));
                }
            }
            String step = ReadName.of(workload, ReadName.COMPACTED, options.allCommits(), engine);
            if (contender == Contender.OURS_V3 && work.has(step)) {
                CompactResult compact = work.read("compact-" + workload.label(), CompactResult.class);
                reads.add(new Read(
                        workload,
                        ReadName.COMPACTED,
                        options.allCommits(),
                        engine,
                        LiveFiles.of(compact.metadata(), compact.snapshot()),
                        options.keys(),
                        Arrays.asList(work.read(step, ReadResult[].class))));
            }
        }
    }

    /** After how many commits tables were read, in ascending order. */
    List<Integer> commits() {
        return reads.stream().map(Read::commits).distinct().sorted().toList();
    }

    @Nullable
    Read read(Workload workload, String table, int commits, Engine engine) {
        return reads.stream()
                .filter(read -> read.workload() == workload
                        && read.table().equals(table)
                        && read.commits() == commits
                        && read.engine() == engine)
                .findFirst()
                .orElse(null);
    }
}

package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.sink.BenchmarkOptions.Engine;
import io.millrace.benchmarks.sink.ReadResult.Operation;
import io.millrace.benchmarks.sink.ReadResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The figures as Markdown tables. */
final class SinkTables {
    private static final double MEGABYTE = 1e6;

    private final BenchmarkOptions options;
    private final Figures figures;
    private final StringBuilder out = new StringBuilder();

    SinkTables(BenchmarkOptions options, Figures figures) {
        this.options = options;
        this.figures = figures;
    }

    static String name(Engine engine) {
        return engine == Engine.SPARK ? "Spark" : "Iceberg's generic reader";
    }

    static String storage(String storage) {
        return switch (storage) {
            case "s3" -> "S3Proxy";
            case "large" -> "local disk, large commits";
            default -> "local disk";
        };
    }

    /** All tables; pictures are in a folder. */
    String markdown(String folder) {
        line(
                "Table of %,d rows, commits of %,d upserts, %d writers, %s of heap for each process, %s processors.",
                options.keys(),
                options.upserts(),
                options.parallelism(),
                options.heap(),
                figures.setting().get("processors"));
        goals();
        writes(folder);
        for (Workload workload : Workload.values()) {
            for (Engine engine : Engine.values()) {
                reads(workload, engine, folder);
            }
        }
        files();
        state();
        return out.toString();
    }

    private void writes(String folder) {
        if (figures.writes().isEmpty()) {
            return;
        }
        line("");
        line("#### Writing");
        line("");
        line("![Rows written](%ssink-write.svg)", folder);
        line("![Files of a commit](%ssink-files.svg)", folder);
        line("");
        line(
                "| storage | keys | sink | commits | upserts a commit | rows/s on the clock | rows per processor second | the same without the JIT compiler | median commit round | MB a commit"
                        + " | files a commit | load, rows per processor second | process, MB |");
        line("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (Figures.Write write : figures.writes()) {
            line(
                    "| %s | %s | %s | %d | %,d | %,.0f | %,.0f | %,.0f | %s | %.2f | %.1f | %,.0f | %,.0f |",
                    storage(write.storage()),
                    write.workload().label(),
                    write.contender().title(),
                    write.commits(),
                    write.rows() / write.commits(),
                    write.rowsPerSecond(),
                    write.rowsPerCpuSecond(),
                    write.rowsPerWorkSecond(),
                    time(write.medianRound()),
                    write.bytesPerCommit() / MEGABYTE,
                    write.filesPerCommit(),
                    write.loadRows() / write.load().cpuSeconds(),
                    write.residentBytes() / MEGABYTE);
        }
    }

    private void reads(Workload workload, Engine engine, String folder) {
        List<Figures.Read> reads = figures.reads().stream()
                .filter(read -> read.workload() == workload && read.engine() == engine)
                .toList();
        if (reads.isEmpty()) {
            return;
        }
        line("");
        line("#### Reading, %s upserts, %s", workload.label(), name(engine));
        line("");
        line("![Full scan](%s%s)", folder, SinkPlots.scanFile(workload, engine));
        line("");
        line(
                "Processor time, in brackets the time on the clock; medians. \">\": stopped there. Estimated: from every 25th data file.");
        line("");
        line("| table | commits | full scan | beside stock | aggregate | look-up | heap, MB | process, MB |");
        line("|---|---|---|---|---|---|---|---|");
        for (Figures.Read read : reads) {
            line(
                    "| %s | %s | %s | %s | %s | %s | %s | %s |",
                    read.table().replace('-', ' '),
                    read.commits(),
                    cell(read, Operation.SCAN)
                            + (read.scanEstimated() ? "; estimated " + cell(read, Operation.SAMPLED_SCAN) : ""),
                    factor(workload, read, engine),
                    cell(read, Operation.AGGREGATE),
                    cell(read, Operation.LOOK_UP),
                    megabytes(read.results().stream()
                            .mapToLong(ReadResult::heapBytes)
                            .max()
                            .orElse(0)),
                    megabytes(read.results().stream()
                            .mapToLong(ReadResult::residentBytes)
                            .max()
                            .orElse(0)));
        }
    }

    private String factor(Workload workload, Figures.Read read, Engine engine) {
        Figures.Read stock = figures.read(workload, Contender.STOCK_V2.label(), read.commits(), engine);
        return stock == null || stock == read ? "" : times(stock, read);
    }

    /** How many times the processor time of the first reader the second one's is. */
    private static String times(Figures.Read slow, Figures.Read fast) {
        Cost slower = slow.scan();
        Cost faster = fast.scan();
        if (slower == null || faster == null || fast.scanBound()) {
            return "–";
        }
        return "%s%.1f×"
                .formatted(
                        slow.scanBound() ? "> " : slow.scanEstimated() ? "about " : "",
                        slower.cpuSeconds() / faster.cpuSeconds());
    }

    private static String cell(Figures.Read read, Operation operation) {
        ReadResult result = read.result(operation);
        Cost cost = read.cost(operation);
        if (result != null && result.outcome() == Outcome.OUT_OF_MEMORY) {
            return "out of memory";
        }
        return cost == null ? "–" : (read.bound(operation) ? "> " : "") + time(cost);
    }

    private void goals() {
        List<String> rows = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            figures.writes().stream()
                    .filter(write -> write.workload() == workload && write.contender() != Contender.STOCK_V2)
                    .forEach(write -> figures.writes().stream()
                            .filter(stock -> stock.contender() == Contender.STOCK_V2
                                    && stock.workload() == workload
                                    && stock.storage().equals(write.storage()))
                            .findFirst()
                            .ifPresent(stock -> rows.add(
                                    "| write throughput beside stock, %s, %s, %s | ≥ 1× | %.2f× by processor time, %.2f× without the JIT compiler's, %.2f× by the clock |"
                                            .formatted(
                                                    write.contender().title(),
                                                    storage(write.storage()),
                                                    workload.label(),
                                                    write.rowsPerCpuSecond() / stock.rowsPerCpuSecond(),
                                                    write.rowsPerWorkSecond() / stock.rowsPerWorkSecond(),
                                                    write.rowsPerSecond() / stock.rowsPerSecond()))));
            for (Engine engine : Engine.values()) {
                scanGoals(workload, engine, rows);
            }
        }
        if (!rows.isEmpty()) {
            line("");
            line("| after %d commits | goal | measured |", options.allCommits());
            line("|---|---|---|");
            rows.forEach(row -> line("%s", row));
        }
    }

    private void scanGoals(Workload workload, Engine engine, List<String> rows) {
        Figures.Read stock = figures.read(workload, Contender.STOCK_V2.label(), options.allCommits(), engine);
        Figures.Read v2 = figures.read(workload, Contender.OURS_V2.label(), options.allCommits(), engine);
        Figures.Read v3 = figures.read(workload, Contender.OURS_V3.label(), options.allCommits(), engine);
        Figures.Read compacted = figures.read(workload, ReadName.COMPACTED, options.allCommits(), engine);
        String row = "| full scan, " + workload.label() + ", " + name(engine) + ": %s | %s | %s |";
        if (stock != null && v2 != null) {
            rows.add(row.formatted("v2 faster than stock", "≥ 15×", times(stock, v2)));
        }
        if (stock != null && v3 != null) {
            rows.add(row.formatted("v3 faster than stock", "≥ 50×", times(stock, v3)));
        }
        if (v3 != null && compacted != null) {
            rows.add(row.formatted(
                    "v3 slower than the compacted table (it holds %.1f rows for each live one)"
                            .formatted((double) v3.records() / options.keys()),
                    "≤ 2×",
                    times(v3, compacted)));
        }
    }

    private void files() {
        List<Figures.Read> reads = figures.reads().stream()
                .filter(read -> read.engine() == Engine.GENERIC)
                .toList();
        if (reads.isEmpty()) {
            return;
        }
        line("");
        line("#### What a reader has before it");
        line("");
        line(
                "| keys | table | commits | data files | delete files | openings of delete files in a full scan | rows stored for each live one |");
        line("|---|---|---|---|---|---|---|");
        for (Figures.Read read : reads) {
            line(
                    "| %s | %s | %d | %,d | %,d | %,d | %.2f |",
                    read.workload().label(),
                    read.table().replace('-', ' '),
                    read.commits(),
                    read.files().dataFiles(),
                    read.files().deleteFiles(),
                    read.files().openings(),
                    (double) read.records() / options.keys());
        }
    }

    private void state() {
        StateResult state = figures.state();
        if (state == null) {
            return;
        }
        line("");
        line("#### The key index");
        line("");
        line("%,d keys of type long (8 bytes), RocksDB, %d writers.", state.keys(), options.parallelism());
        line("");
        line("| | |");
        line("|---|---|");
        line(
                "| a whole checkpoint | %,d bytes, **%.1f bytes a key**, the key included |",
                state.checkpointBytes(), (double) state.checkpointBytes() / state.keys());
        line(
                "| RocksDB's files | %,d bytes, %.1f a key |",
                state.fileBytes(), (double) state.fileBytes() / state.keys());
        line(
                "| RocksDB's estimate of live data | %,d bytes, %.1f a key; %,d entries |",
                state.liveBytes(), (double) state.liveBytes() / state.keys(), state.entries());
        line("| start from the checkpoint | %s |", time(state.restore()));
        line("| the same with one writer more (rescaled) | %s |", time(state.rescale()));
        line(
                "| start without state: the index is built from the table, by each writer | %s, %,.0f rows/s (%,.0f) |",
                time(state.bootstrap()),
                state.keys() / state.bootstrap().cpuSeconds(),
                state.keys() / state.bootstrap().seconds());
    }

    private static String time(Cost cost) {
        return seconds(cost.cpuSeconds()) + " (" + seconds(cost.seconds()) + ")";
    }

    private static String seconds(double seconds) {
        return seconds < 1
                ? String.format(Locale.ROOT, "%.0f ms", seconds * 1000)
                : String.format(Locale.ROOT, seconds < 100 ? "%.1f s" : "%,.0f s", seconds);
    }

    private static String megabytes(long bytes) {
        return bytes == 0 ? "–" : String.format(Locale.ROOT, "%,.0f", bytes / MEGABYTE);
    }

    private void line(String format, @Nullable Object... values) {
        out.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
                .append('\n');
    }
}

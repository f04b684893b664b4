package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.chart.BarChart;
import io.millrace.benchmarks.chart.LineChart;
import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.sink.BenchmarkOptions.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figures as plots. */
final class SinkPlots {
    private final BenchmarkOptions options;
    private final Figures figures;

    SinkPlots(BenchmarkOptions options, Figures figures) {
        this.options = options;
        this.figures = figures;
    }

    /** A plot and where it goes. */
    record Plot(String file, String svg) {}

    static String scanFile(Workload workload, Engine engine) {
        return "sink-scan-" + workload.label() + "-" + engine.name().toLowerCase(Locale.ROOT) + ".svg";
    }

    List<Plot> all() {
        List<Plot> plots = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            for (Engine engine : Engine.values()) {
                List<LineChart.Series> series = scans(workload, engine);
                if (!series.isEmpty()) {
                    LineChart chart = new LineChart(
                            "Full scan of " + options.keys() + " rows, " + SinkTables.name(engine) + ", "
                                    + workload.label() + " upserts, never compacted",
                            "commits of " + options.upserts() + " upserts",
                            "processor seconds (log)",
                            series);
                    plots.add(new Plot(scanFile(workload, engine), chart.svg()));
                }
            }
        }
        if (!figures.writes().isEmpty()) {
            plots.add(new Plot(
                    "sink-write.svg",
                    bars(
                            "Upserts written: rows for each processor second",
                            "rows for each processor second",
                            Figures.Write::rowsPerCpuSecond)));
            plots.add(new Plot(
                    "sink-files.svg",
                    bars(
                            "Files written by a commit of upserts",
                            "data and delete files",
                            Figures.Write::filesPerCommit)));
        }
        return plots;
    }

    private List<LineChart.Series> scans(Workload workload, Engine engine) {
        List<LineChart.Series> series = new ArrayList<>();
        for (Contender contender : Contender.values()) {
            List<LineChart.Point> points = new ArrayList<>();
            for (int commits : figures.commits()) {
                point(workload, contender.label(), commits, engine, commits, points);
            }
            if (!points.isEmpty()) {
                series.add(new LineChart.Series(contender.title(), false, points));
            }
        }
        List<LineChart.Point> floor = new ArrayList<>();
        for (int commits : figures.commits()) {
            point(workload, ReadName.COMPACTED, options.allCommits(), engine, commits, floor);
        }
        if (!floor.isEmpty()) {
            series.add(new LineChart.Series("compacted", true, floor));
        }
        return series;
    }

    private void point(
            Workload workload, String table, int commits, Engine engine, double x, List<LineChart.Point> points) {
        Figures.Read read = figures.read(workload, table, commits, engine);
        Cost cost = read == null ? null : read.scan();
        if (read != null && cost != null) {
            points.add(new LineChart.Point(x, cost.cpuSeconds(), read.scanBound() || read.scanEstimated()));
        }
    }

    private String bars(String title, String unit, ToDoubleFunction<Figures.Write> value) {
        List<BarChart.Group> groups = new ArrayList<>();
        for (String storage : List.of("local", "large", "s3")) {
            for (Workload workload : Workload.values()) {
                List<Figures.Write> writes = figures.writes().stream()
                        .filter(write -> write.storage().equals(storage) && write.workload() == workload)
                        .toList();
                if (!writes.isEmpty()) {
                    groups.add(new BarChart.Group(
                            SinkTables.storage(storage) + ", " + workload.label(),
                            List.of(Contender.values()).stream()
                                    .map(contender -> writes.stream()
                                            .filter(write -> write.contender() == contender)
                                            .mapToDouble(value)
                                            .findFirst()
                                            .orElse(Double.NaN))
                                    .toList()));
                }
            }
        }
        return new BarChart(
                        title,
                        unit,
                        List.of(Contender.values()).stream()
                                .map(Contender::title)
                                .toList(),
                        groups)
                .svg();
    }
}

package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.page.GeneratedPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Leaves what was measured: data as JSON, plots as SVG, tables in the page beside them. */
final class SinkReport {
    private final BenchmarkOptions options;
    private final WorkDirectory work;

    SinkReport(BenchmarkOptions options, WorkDirectory work) {
        this.options = options;
        this.work = work;
    }

    void write() throws IOException {
        Path out = Files.createDirectories(options.out());
        Path data = out.resolve("sink.json");
        Figures figures = Figures.gather(options, work);
        if (options.add() && Files.exists(data)) {
            figures = figures.addedTo(Json.read(data, Figures.class));
        }
        Json.write(data, figures);
        for (SinkPlots.Plot plot : new SinkPlots(options, figures).all()) {
            Files.writeString(out.resolve(plot.file()), plot.svg());
        }
        Path page = out.resolveSibling(out.getFileName() + ".md");
        new GeneratedPart("sink").write(page, new SinkTables(options, figures).markdown(out.getFileName() + "/"));
    }
}

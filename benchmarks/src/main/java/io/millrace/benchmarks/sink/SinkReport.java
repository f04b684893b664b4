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
        Figures figures = Figures.gather(options, work);
        Path out = Files.createDirectories(options.out());
        Json.write(out.resolve("sink.json"), figures);
        for (SinkPlots.Plot plot : new SinkPlots(options, figures).all()) {
            Files.writeString(out.resolve(plot.file()), plot.svg());
        }
        Path page = out.resolveSibling(out.getFileName() + ".md");
        new GeneratedPart("sink").write(page, new SinkTables(options, figures).markdown(out.getFileName() + "/"));
    }
}

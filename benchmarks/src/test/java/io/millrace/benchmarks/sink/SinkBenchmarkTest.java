package io.millrace.benchmarks.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The harness as a whole, very small: real jobs, real tables, every answer checked. The figures mean nothing at this size. */
class SinkBenchmarkTest {
    @TempDir
    Path directory;

    private int run(String... more) {
        String[] arguments = {
            "--keys=400",
            "--upserts=60",
            "--commits=2",
            "--workloads=recent",
            "--storage=local",
            "--engines=generic",
            "--state-keys=0",
            "--large-upserts=0",
            "--repeats=1",
            "--heap=400m",
            "--work=" + directory.resolve("work"),
            "--out=" + directory.resolve("out")
        };
        String[] all = Stream.of(arguments, more).flatMap(Arrays::stream).toArray(String[]::new);
        return SinkBenchmark.run(all);
    }

    @Test
    void writesReadsAndReports() throws Exception {
        assertThat(run("--keep", "--contenders=stock_v2")).isZero();
        Path work = directory.resolve("work");
        long written = Files.getLastModifiedTime(work.resolve("results/write-local-recent-stock-v2.json"))
                .toMillis();

        assertThat(run("--keep", "--contenders=stock_v2,ours_v2")).isZero();

        assertThat(Files.getLastModifiedTime(work.resolve("results/write-local-recent-stock-v2.json"))
                        .toMillis())
                .as("a step that was done is not done again")
                .isEqualTo(written);
        assertThat(Files.readString(directory.resolve("out.md")))
                .contains("| local disk | recent | stock v2 | 2 |")
                .contains("| local disk | recent | ours v2 | 2 |")
                .contains("v2 faster than stock");
        assertThat(directory.resolve("out/sink-scan-recent-generic.svg")).exists();
        Figures figures = Json.read(directory.resolve("out/sink.json"), Figures.class);
        assertThat(figures.reads()).hasSize(2).allSatisfy(read -> {
            assertThat(read.results()).hasSize(3);
            assertThat(read.files().dataFiles()).isGreaterThan(1);
        });
        Figures.Read stock = figures.reads().get(0);
        Figures.Read ours = figures.reads().get(1);
        assertThat(stock.files().openings()).isPositive();
        assertThat(ours.table()).isEqualTo(Contender.OURS_V2.label());
    }

    @Test
    void refusesToTakeUpARunOfOtherOptions() throws Exception {
        WorkDirectory.open(directory.resolve("work"), "something else\n");

        assertThat(run("--contenders=stock_v2")).isNotZero();

        assertThat(directory.resolve("out")).doesNotExist();
    }
}

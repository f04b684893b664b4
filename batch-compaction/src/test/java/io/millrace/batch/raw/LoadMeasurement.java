package io.millrace.batch.raw;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.millrace.batch.DirectoryPipeline;
import io.millrace.batch.LocalSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What it costs to load thousands of small files: as history, merged into an empty table, merged into a full one, and again
 * with nothing to do.
 *
 * <pre>
 * mvn -pl batch-compaction -am test -Dtest=LoadMeasurement -Dsurefire.failIfNoSpecifiedTests=false \
 *     [-Dmillrace.files=5000] [-Dmillrace.lines=200]
 * </pre>
 */
class LoadMeasurement {
    private static final int FILES = Integer.getInteger("millrace.files", 5_000);
    private static final int LINES = Integer.getInteger("millrace.lines", 200);
    private static final int KEYS = 250_000;

    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Random random = new Random(7);

    @Test
    void manySmallFiles(@TempDir Path folder) throws IOException {
        DirectoryPipeline pipeline = new DirectoryPipeline(folder);
        pipeline.write("lake", "shop.orders");
        write(folder.resolve("landing/first"), 0);
        measure(pipeline, "first", "append", "raw.history", FILES);
        measure(pipeline, "first", "merge", "raw.newest", FILES);
        write(folder.resolve("landing/first"), FILES);
        measure(pipeline, "first", "merge", "raw.newest", FILES);
        measure(pipeline, "first", "merge", "raw.newest", 0);
    }

    private void write(Path landing, int from) throws IOException {
        Files.createDirectories(landing);
        for (int number = from; number < from + FILES; number++) {
            StringBuilder text = new StringBuilder("Op,committed,id,status,amount,changed,note\n");
            for (int i = 0; i < LINES; i++) {
                text.append("U,2024-07-29 ")
                        .append("%02d:%02d:%02d.000000,".formatted(number / 3600, number / 60 % 60, number % 60))
                        .append(random.nextInt(KEYS))
                        .append(",\"in transit, ")
                        .append(random.nextInt(50))
                        .append("\",")
                        .append(random.nextInt(100_000))
                        .append(".50,2024-07-29,")
                        .append(Long.toHexString(random.nextLong()))
                        .append('\n');
            }
            Files.write(landing.resolve("20240729-%09d.csv.gz".formatted(number)), Landed.gzip(text.toString()));
        }
    }

    private void measure(DirectoryPipeline pipeline, String landing, String mode, String table, int expected)
            throws IOException {
        Path file = pipeline.folder().resolve("landing.yaml");
        Files.writeString(
                file, """
                landing:
                  - name: parcels
                    location: %s
                    table: %s
                    mode: %s
                    key: [id]
                    format: { header: true, timestamp-column: committed }
                """.formatted(pipeline.folder().resolve("landing").resolve(landing), table, mode));
        StringWriter out = new StringWriter();
        long wall = System.nanoTime();
        long processor = process.getProcessCpuTime();
        int exitCode = RawJob.run(
                pipeline.commandLine("--landing", file.toString(), "--approve", "--json"),
                new PrintWriter(out, true),
                new PrintWriter(System.err, true),
                LocalSpark::session,
                Clock.offset(Clock.systemUTC(), Duration.ofHours(1)),
                step -> {});
        double seconds = (System.nanoTime() - wall) / 1e9;
        double processorSeconds = (process.getProcessCpuTime() - processor) / 1e9;
        assertThat(exitCode).isZero();
        JsonNode zone = new ObjectMapper().readTree(out.toString()).at("/zones/0");
        assertThat(zone.at("/files/loaded").asInt()).isEqualTo(expected);
        long rows = zone.at("/rows/read").asLong();
        System.out.printf(
                Locale.ROOT,
                "%-6s %,6d files, %,9d lines: %6.1f s, %6.1f s of processor time, %,8.0f lines per processor second;"
                        + " %d data files, %,d bytes, %d delete files%n",
                mode,
                expected,
                rows,
                seconds,
                processorSeconds,
                rows / processorSeconds,
                zone.at("/written/data_files").asInt(),
                zone.at("/written/bytes").asLong(),
                zone.at("/written/delete_files").asInt());
    }
}

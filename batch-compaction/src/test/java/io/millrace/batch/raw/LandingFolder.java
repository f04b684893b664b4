package io.millrace.batch.raw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.batch.DirectoryPipeline;
import io.millrace.batch.LocalSpark;
import io.millrace.batch.raw.write.ZoneWriter.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A folder in which files land, its zone {@code orders}, and the whole job that loads it, as spark-submit starts it. */
final class LandingFolder {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DirectoryPipeline pipeline;
    private final SparkSession spark;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

    private LandingFolder(DirectoryPipeline pipeline) {
        this.pipeline = pipeline;
        this.spark = pipeline.spark("lake");
    }

    /** An empty one, beside its pipeline file and its tables. */
    static LandingFolder in(Path folder) throws IOException {
        DirectoryPipeline pipeline = new DirectoryPipeline(folder);
        pipeline.write("lake", "shop.orders");
        LandingFolder landing = new LandingFolder(pipeline);
        Files.createDirectories(landing.folder());
        return landing;
    }

    Path folder() {
        return pipeline.folder().resolve("landing");
    }

    /** Writes the landing file: files with a header, unless the settings say otherwise. */
    void describe(String settings) throws IOException {
        String format = settings.contains("format:") ? "" : "    format: { header: true }\n";
        Files.writeString(
                file(),
                "landing:\n  - name: orders\n    location: " + folder() + "\n    table: raw.orders\n" + format + "    "
                        + settings + "\n");
    }

    void land(String path, String text) throws IOException {
        Path landed = folder().resolve(path);
        Files.createDirectories(Objects.requireNonNull(landed.getParent()));
        Files.writeString(landed, text);
    }

    /** The time of the next loads. */
    void at(Clock next) {
        clock = next;
    }

    /** Runs the job; returns its exit code. */
    int load(String... more) {
        out.getBuffer().setLength(0);
        return run(out, step -> {}, more);
    }

    /** Runs the job with something to do before each of its steps, such as to fail; its output is not kept. */
    int loadUntil(Consumer<Step> before) {
        return run(new StringWriter(), before);
    }

    private int run(StringWriter to, Consumer<Step> before, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--landing", file().toString()));
        arguments.addAll(List.of(more));
        return RawJob.run(
                pipeline.commandLine(arguments.toArray(String[]::new)),
                new PrintWriter(to, true),
                new PrintWriter(err, true),
                LocalSpark::session,
                clock,
                before);
    }

    /** What the last load printed. */
    String out() {
        return out.toString();
    }

    /** What the last load printed with {@code --json}. */
    JsonNode report() throws IOException {
        return JSON.readTree(out());
    }

    /** What all loads have complained of. */
    String err() {
        return err.toString();
    }

    SparkSession spark() {
        return spark;
    }

    List<String> query(String sql) {
        return spark.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    long rows(String table) {
        return spark.sql("SELECT * FROM " + table).count();
    }

    boolean hasTable(String name) {
        return pipeline.catalog().tableExists(TableIdentifier.parse(name));
    }

    Table table() {
        return pipeline.catalog().loadTable(TableIdentifier.of("raw", "orders"));
    }

    /** All snapshots but the newest go: nothing may depend on them. */
    void expire() {
        for (String name : List.of("orders", "orders_files")) {
            pipeline.catalog()
                    .loadTable(TableIdentifier.of("raw", name))
                    .expireSnapshots()
                    .expireOlderThan(System.currentTimeMillis())
                    .retainLast(1)
                    .commit();
        }
    }

    private Path file() {
        return pipeline.folder().resolve("landing.yaml");
    }
}

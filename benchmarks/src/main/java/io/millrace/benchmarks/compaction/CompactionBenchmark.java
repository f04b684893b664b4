package io.millrace.benchmarks.compaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.page.GeneratedPart;
import io.millrace.benchmarks.sink.Fork;
import io.millrace.benchmarks.sink.Json;
import io.millrace.benchmarks.sink.LocalServers;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compacts a table of thousands of small files and hundreds of thousands of deletes while a stream upserts it, with our
 * compaction and with Iceberg's. Table, stream and compaction are processes of their own, as in production.
 */
@Command(
        name = "compaction",
        mixinStandardHelpOptions = true,
        description = "Compares compactions of a table that a stream writes to.")
public final class CompactionBenchmark implements Callable<Integer> {
    @Option(names = "--files", defaultValue = "5000", description = "small files to begin with; ${DEFAULT-VALUE}")
    private int files;

    @Option(names = "--rows", defaultValue = "1500000", description = "rows in them; ${DEFAULT-VALUE}")
    private long rows;

    @Option(names = "--deletes", defaultValue = "300000", description = "rows of them deleted; ${DEFAULT-VALUE}")
    private long deletes;

    @Option(names = "--days", defaultValue = "4", description = "partitions, the last of them hot; ${DEFAULT-VALUE}")
    private int days;

    @Option(names = "--payload", defaultValue = "1500", description = "bytes of a row; ${DEFAULT-VALUE}")
    private int payload;

    @Option(names = "--rate", defaultValue = "2000", description = "upserts a second; ${DEFAULT-VALUE}")
    private double rate;

    @Option(names = "--checkpoint-millis", defaultValue = "5000", description = "between commits; ${DEFAULT-VALUE}")
    private long checkpointMillis;

    @Option(names = "--target", defaultValue = "134217728", description = "bytes of a file; ${DEFAULT-VALUE}")
    private long target;

    @Option(names = "--runs", defaultValue = "10", description = "runs of ours in a row; ${DEFAULT-VALUE}")
    private int runs;

    @Option(names = "--stock-runs", defaultValue = "3", description = "runs of Iceberg's; ${DEFAULT-VALUE}")
    private int stockRuns;

    @Option(
            names = "--contenders",
            split = ",",
            defaultValue = "OURS,STOCK,STOCK_PARTIAL",
            description = "${COMPLETION-CANDIDATES}; all by default")
    private List<Contender> contenders;

    @Option(
            names = "--sink",
            defaultValue = "KEY_INDEXED",
            description = "who writes the table: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}")
    private StreamSink sink;

    @Option(names = "--heap", defaultValue = "2g", description = "of each process; ${DEFAULT-VALUE}")
    private String heap;

    @Option(names = "--port", defaultValue = "28500", description = "of the servers; ${DEFAULT-VALUE} and the next")
    private int port;

    @Option(names = "--work", defaultValue = "target/compaction-benchmark", description = "scratch; ${DEFAULT-VALUE}")
    private Path work;

    @Option(names = "--out", defaultValue = "docs", description = "where the page is; ${DEFAULT-VALUE}")
    private Path out;

    @SuppressWarnings("NullAway.Init")
    private CompactionBenchmark() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new CompactionBenchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path project = Path.of("").toAbsolutePath();
        work = work.toAbsolutePath();
        delete(work);
        Files.createDirectories(work.resolve("logs"));
        ParcelHistory history = new ParcelHistory(rows, days, deletes, payload);
        Json.write(work.resolve("history.json"), history);
        List<ContenderResult> results = new ArrayList<>();
        try (LocalServers servers = LocalServers.start(project, work, port)) {
            Map<String, String> properties = new HashMap<>(servers.catalog());
            properties.keySet().removeIf(key -> key.startsWith("s3.") || key.startsWith("client."));
            properties.put("warehouse", work.resolve("tables").toUri().toString());
            properties.put("io-impl", "org.apache.iceberg.hadoop.HadoopFileIO");
            Json.write(work.resolve("catalog.json"), properties);
            writePipeline(properties);
            Catalog catalog = CatalogUtil.buildIcebergCatalog("bench", properties, new Configuration());
            for (Contender contender : contenders) {
                results.add(measure(project, catalog, history, contender));
            }
        }
        CompactionReport report =
                new CompactionReport(sink, files, rows, deletes, rate, checkpointMillis, target, results);
        Files.createDirectories(out.resolve("benchmarks"));
        Json.write(out.resolve("benchmarks").resolve(sink.topic() + ".json"), report);
        new GeneratedPart(sink.topic()).write(out.resolve("benchmarks.md"), String.join("\n", report.lines()));
        delete(work);
        boolean clean = results.stream().allMatch(result -> result.differences() == 0);
        return clean ? 0 : 1;
    }

    private ContenderResult measure(Path project, Catalog catalog, ParcelHistory history, Contender contender)
            throws Exception {
        say(contender, "making %,d files", files);
        StartTable.make(catalog, history, files, sink);
        Table table = catalog.loadTable(Parcels.TABLE);
        Path stop = work.resolve(contender + ".stop");
        Path streamed = work.resolve(contender + "-stream.json");
        Process stream = fork(Fork.classPathOf(project.resolve("benchmarks")), StreamStep.class.getName())
                .start(
                        List.of(
                                "--catalog",
                                work.resolve("catalog.json").toString(),
                                "--history",
                                work.resolve("history.json").toString(),
                                "--sink",
                                sink.name(),
                                "--rate",
                                Double.toString(rate),
                                "--checkpoint-millis",
                                Long.toString(checkpointMillis),
                                "--stop",
                                stop.toString(),
                                "--result",
                                streamed.toString()),
                        work.resolve("logs").resolve(contender + "-stream.log"),
                        null);
        List<CompactionRun> ran = new ArrayList<>();
        TableCheck.Layout coldDays = null;
        try {
            awaitCommits(table, stream, 3);
            for (int run = 0; run < (contender == Contender.OURS ? runs : stockRuns); run++) {
                ran.add(contender == Contender.OURS ? ours(project, run) : stock(project, contender, run));
                say(contender, "run %d: %s", run + 1, ran.get(run));
                if (coldDays == null) {
                    coldDays = TableCheck.coldDays(table, history, target);
                    say(contender, "%s", coldDays);
                }
            }
        } finally {
            Files.createFile(stop);
        }
        if (stream.waitFor() != 0 || coldDays == null) {
            throw new IllegalStateException("Cannot measure: the stream failed, see " + work.resolve("logs"));
        }
        StreamResult result = Json.read(streamed, StreamResult.class);
        say(contender, "%s; comparing every row", result);
        long differences = TableCheck.differences(table, history, result.changes());
        say(contender, "%,d differences", differences);
        return new ContenderResult(contender, ran, coldDays, result, differences);
    }

    private CompactionRun ours(Path project, int run) throws Exception {
        Path log = work.resolve("logs").resolve("ours-" + run + ".json");
        long start = System.nanoTime();
        int exitCode = fork(sparkClassPath(project), "io.millrace.batch.compact.CompactJob")
                .run(
                        List.of(
                                "--pipeline",
                                work.resolve("pipeline.yaml").toString(),
                                "--table",
                                Parcels.TABLE.toString(),
                                "--target-file-size",
                                Long.toString(target),
                                "--cool-down",
                                "20s",
                                "--hot-delete-ratio",
                                "0.01",
                                // A local directory cannot be listed for orphans while the stream deletes files in it.
                                "--skip-upkeep",
                                "--json"),
                        log);
        double seconds = (System.nanoTime() - start) / 1e9;
        String printed = Files.readString(log);
        JsonNode result = new ObjectMapper()
                .readTree(printed.substring(Math.max(0, printed.indexOf("{\n"))))
                .at("/tables/0/result");
        int committed = 0;
        int attempts = 0;
        long carried = 0;
        for (JsonNode group : result.path("groups")) {
            committed += group.path("outcome").asText().equals("done") ? 1 : 0;
            attempts += group.path("attempts").asInt();
            carried += group.path("carriedDeletes").asLong();
        }
        int groups = result.path("groups").size();
        return new CompactionRun(
                seconds,
                committed,
                groups - committed,
                attempts,
                result.path("bytesWritten").asLong(),
                result.path("bytesThrownAway").asLong(),
                carried,
                exitCode == 0 ? "fine" : "exit code " + exitCode);
    }

    private CompactionRun stock(Path project, Contender contender, int run) throws Exception {
        Path result = work.resolve(contender + "-" + run + ".json");
        long start = System.nanoTime();
        fork(sparkClassPath(project), "io.millrace.benchmarks.spark.StockRewriteStep")
                .run(
                        List.of(
                                "--catalog",
                                work.resolve("catalog.json").toString(),
                                "--table",
                                Parcels.TABLE.toString(),
                                "--target",
                                Long.toString(target),
                                "--partial-progress",
                                Boolean.toString(contender == Contender.STOCK_PARTIAL),
                                "--result",
                                result.toString()),
                        work.resolve("logs").resolve(contender + "-" + run + ".log"));
        CompactionRun told = Json.read(result, CompactionRun.class);
        return new CompactionRun(
                (System.nanoTime() - start) / 1e9,
                told.committed(),
                told.failed(),
                told.attempts(),
                told.bytesWritten(),
                told.bytesThrownAway(),
                told.carriedDeletes(),
                told.outcome());
    }

    /** Spark, Iceberg and the driver as the batch jobs have them, for both. */
    private static String sparkClassPath(Path project) throws IOException {
        return Fork.classPathOf(project.resolve("batch-compaction"))
                + File.pathSeparator
                + project.resolve("benchmarks/spark/target/classes")
                + File.pathSeparator
                + project.resolve("benchmarks/target/classes");
    }

    private Fork fork(String classPath, String main) {
        return new Fork(
                classPath,
                main,
                heap,
                work.resolve("scratch"),
                List.of(
                        "-Dspark.master=local[*]",
                        "-Dspark.ui.enabled=false",
                        "-Dspark.driver.host=127.0.0.1",
                        "-Dspark.driver.bindAddress=127.0.0.1",
                        "-Dspark.sql.shuffle.partitions=8",
                        "-Dlog4j2.configurationFile=millrace-spark-log4j2.xml",
                        "-Dmillrace.log=" + work.resolve("logs/spark.log")));
    }

    private static void awaitCommits(Table table, Process stream, int commits) throws InterruptedException {
        table.refresh();
        long first = table.currentSnapshot().sequenceNumber();
        while (table.currentSnapshot().sequenceNumber() < first + commits) {
            if (!stream.isAlive()) {
                throw new IllegalStateException("Cannot measure: the stream has ended, see its log");
            }
            Thread.sleep(500);
            table.refresh();
        }
    }

    private void writePipeline(Map<String, String> catalog) throws IOException {
        StringBuilder properties = new StringBuilder();
        catalog.forEach((key, value) -> properties
                .append("      ")
                .append(key)
                .append(": \"")
                .append(value)
                .append("\"\n"));
        Files.writeString(work.resolve("pipeline.yaml"), """
                pipeline: bench
                sources:
                  - {name: bench, format: debezium-avro, transport: kinesis, stream: bench}
                tables:
                  - {source: bench, table: public.parcels, key: [id], iceberg: {table: bench.parcels, partition-by: [day]}}
                connections:
                  kinesis: {region: us-east-1}
                  schema-registry: {region: us-east-1, name: bench}
                  storage: {region: us-east-1, location: "s3://bench/bench"}
                  opensearch: {hosts: ["http://127.0.0.1:9"]}
                  iceberg:
                    catalog: bench
                    properties:
                """ + properties);
    }

    private static void say(Contender contender, String format, Object... values) {
        System.out.printf("%tT %s: %s%n", System.currentTimeMillis(), contender, String.format(format, values));
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}

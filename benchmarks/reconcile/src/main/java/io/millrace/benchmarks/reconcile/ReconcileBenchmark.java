package io.millrace.benchmarks.reconcile;

import io.millrace.local.reconcile.Reconciliation;
import io.millrace.local.reconcile.TableResult;
import io.millrace.local.reconcile.TargetResult;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.CatalogUtil;

/**
 * Compares a table of many rows in PostgreSQL with Iceberg and OpenSearch, in which some rows are not as they should be: by
 * checksums, and row by row. Both must find exactly what was planted.
 *
 * <p>Arguments: the number of rows (10,000,000 if there is none), a directory to work in, the first of three ports. A
 * directory that an earlier run has loaded is not loaded again.
 */
public final class ReconcileBenchmark {
    private static final long SEED = 37;

    private ReconcileBenchmark() {}

    /** What a comparison took. */
    private record Run(String method, double seconds, double[] cpuSeconds, TableResult result) {}

    /** Runs it, and prints the table for docs/benchmarks.md. */
    public static void main(String[] args) throws Exception {
        long rows = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
        Path work = Path.of(args.length > 1 ? args[1] : "benchmarks/reconcile/target/work")
                .toAbsolutePath();
        int port = args.length > 2 ? Integer.parseInt(args[2]) : 27_400;
        Files.createDirectories(work);
        Plants plants = new Plants(rows, SEED);
        try (Servers servers = new Servers(Path.of("").toAbsolutePath(), work, port)) {
            Pipeline pipeline = pipeline(work, servers);
            Path loaded = work.resolve("loaded");
            if (!Files.exists(loaded)) {
                load(pipeline, servers, plants, rows);
                Files.createFile(loaded);
            }
            List<Run> runs = new ArrayList<>();
            for (long checksumsFrom : List.of(0L, Reconciliation.NO_CHECKSUMS)) {
                runs.add(compare(pipeline, servers, checksumsFrom));
                check(plants, runs.get(runs.size() - 1));
                print(plants, rows, runs);
            }
        }
    }

    private static Pipeline pipeline(Path work, Servers servers) throws Exception {
        Path file = work.resolve("pipeline.yaml");
        Files.writeString(file, """
                pipeline: bench
                sources:
                  - name: shop
                    format: debezium-avro
                    transport: kinesis
                    stream: bench
                    database: {type: postgresql, host: 127.0.0.1, port: %d, name: postgres, user: postgres, password: millrace-local}
                tables:
                  - source: shop
                    table: public.%s
                    key: [id]
                    iceberg: {table: bench.%s}
                    opensearch: {index: %s}
                connections:
                  kinesis: {region: eu-central-1}
                  schema-registry: {region: eu-central-1, name: bench}
                  storage: {region: eu-central-1, location: "s3://bench/bench"}
                  iceberg:
                    catalog: bench
                    properties:
                      type: jdbc
                      uri: "jdbc:postgresql://127.0.0.1:%d/postgres"
                      jdbc.user: postgres
                      jdbc.password: millrace-local
                      jdbc.schema-version: V1
                      warehouse: "file:%s"
                      io-impl: org.apache.iceberg.hadoop.HadoopFileIO
                  opensearch: {hosts: ["%s"]}
                """.formatted(
                        servers.postgresPort(),
                        Loads.TABLE,
                        Loads.TABLE,
                        Loads.TABLE,
                        servers.postgresPort(),
                        work.resolve("warehouse"),
                        servers.opensearch()));
        return PipelineFile.read(file, null, Map.of());
    }

    private static void load(Pipeline pipeline, Servers servers, Plants plants, long rows) throws Exception {
        Loads loads = new Loads(plants, rows);
        List<Callable<Void>> all = List.of(
                () -> {
                    loads.source(servers.jdbcUrl());
                    return null;
                },
                () -> {
                    loads.iceberg(CatalogUtil.buildIcebergCatalog(
                            "bench", pipeline.connections().iceberg().properties(), null));
                    return null;
                },
                () -> {
                    loads.index(servers.opensearch());
                    return null;
                });
        ExecutorService pool = Executors.newFixedThreadPool(all.size());
        try {
            for (Future<Void> loaded : pool.invokeAll(all)) {
                loaded.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static Run compare(Pipeline pipeline, Servers servers, long checksumsFrom) {
        double[] before = cpu(servers);
        long started = System.nanoTime();
        try (Reconciliation reconciliation = new Reconciliation(pipeline, checksumsFrom, Duration.ZERO)) {
            TableResult result = reconciliation.compare(reconciliation.routes().get(0));
            double seconds = (System.nanoTime() - started) / 1e9;
            double[] after = cpu(servers);
            for (int i = 0; i < after.length; i++) {
                after[i] -= before[i];
            }
            return new Run(result.method(), seconds, after, result);
        }
    }

    /** Processor seconds of PostgreSQL, OpenSearch, and this process, which also reads Iceberg's files. */
    private static double[] cpu(Servers servers) {
        com.sun.management.OperatingSystemMXBean self =
                (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new double[] {servers.cpuSeconds(0), servers.cpuSeconds(1), self.getProcessCpuTime() / 1e9};
    }

    private static void check(Plants plants, Run run) {
        for (TargetResult target : run.result().targets()) {
            Place place = target.target().equals("iceberg") ? Place.ICEBERG : Place.OPENSEARCH;
            Set<String> found = new TreeSet<>();
            target.differences()
                    .forEach(each -> found.add(each.kind() + " " + each.key().get(0)));
            if (!found.equals(plants.expected(place)) || target.unchecked() > 0) {
                throw new IllegalStateException("Cannot trust the comparison by " + run.method() + ": in " + place
                        + " it found " + found + ", planted was " + plants.expected(place));
            }
        }
    }

    private static void print(Plants plants, long rows, List<Run> runs) {
        System.out.printf(
                Locale.ROOT,
                "%,d rows, %d planted, all found and nothing else%n%n" + "| | %s |%n|---|%s|%n",
                rows,
                plants.count(),
                String.join(" | ", runs.stream().map(Run::method).toList()),
                "---:|".repeat(runs.size()).replaceAll("\\|$", ""));
        line("seconds on the clock", runs, run -> "%,.0f".formatted(run.seconds()));
        line("processor seconds: PostgreSQL", runs, run -> "%,.0f".formatted(run.cpuSeconds()[0]));
        line("processor seconds: OpenSearch", runs, run -> "%,.0f".formatted(run.cpuSeconds()[1]));
        line(
                "processor seconds: the comparison, with reading Parquet",
                runs,
                run -> "%,.0f".formatted(run.cpuSeconds()[2]));
        line("bytes from PostgreSQL", runs, run -> "%,d".formatted(run.result().sourceBytes()));
        line(
                "bytes from Iceberg's files",
                runs,
                run -> "%,d".formatted(run.result().targets().get(0).bytes()));
        line(
                "bytes from OpenSearch (gzip)",
                runs,
                run -> "%,d".formatted(run.result().targets().get(1).bytes()));
        line(
                "rows of Iceberg compared one by one",
                runs,
                run -> "%,d".formatted(run.result().targets().get(0).rowsRead()));
        line(
                "documents compared one by one",
                runs,
                run -> "%,d".formatted(run.result().targets().get(1).rowsRead()));
        System.out.println();
    }

    private static void line(String what, List<Run> runs, java.util.function.Function<Run, String> figure) {
        System.out.println("| " + what + " | "
                + String.join(" | ", runs.stream().map(figure).toList()) + " |");
    }
}

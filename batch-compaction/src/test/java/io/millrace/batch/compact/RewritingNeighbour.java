package io.millrace.batch.compact;

import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.TableRoute;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spark as it may run beside the stream: rewrites a pipeline's tables over and over, in turn with Iceberg's own {@code
 * rewrite_data_files} and with {@link CompactJob}, and goes on when it fails. A process of its own, for tests of other
 * modules. Its arguments are a pipeline file and a connections file; standard input tells it what to do:
 *
 * <pre>
 * rewrite PIPELINE_FILE   begin to rewrite the tables of the file
 * stop                    stop, and say how many rewrites went well
 * read TABLE FILE         write the table's rows to a file, sorted
 * </pre>
 */
public final class RewritingNeighbour {
    private static final Logger LOG = LoggerFactory.getLogger(RewritingNeighbour.class);
    private static final int PAUSE_MILLIS = 1000;

    private final Path connectionsFile;
    private final SparkSession spark;
    private final String catalog;
    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private volatile boolean stopped = true;
    private @Nullable Future<String> running;

    private RewritingNeighbour(Path pipelineFile, Path connectionsFile) {
        this.connectionsFile = connectionsFile;
        Connections.Iceberg iceberg =
                PipelineFile.read(pipelineFile, connectionsFile).connections().iceberg();
        catalog = iceberg.catalog();
        SparkSession.Builder builder = SparkSession.builder()
                .master("local[1]")
                .appName("neighbour")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 1)
                .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
                .config("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
                .config("spark.sql.catalog." + catalog, "org.apache.iceberg.spark.SparkCatalog")
                .config("spark.sql.catalog." + catalog + ".cache-enabled", false);
        iceberg.properties().forEach((key, value) -> builder.config("spark.sql.catalog." + catalog + "." + key, value));
        spark = builder.getOrCreate();
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        // Whatever else writes to standard output must not be taken for an answer.
        System.setOut(System.err);
        RewritingNeighbour neighbour = new RewritingNeighbour(Path.of(arguments[0]), Path.of(arguments[1]));
        answers.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            answers.println(neighbour.obey(line.split(" ")));
        }
        System.exit(0);
    }

    private String obey(String[] command) {
        try {
            return switch (command[0]) {
                case "rewrite" -> begin(Path.of(command[1]));
                case "stop" -> stop();
                default -> read(command[1], Path.of(command[2]));
            };
        } catch (Exception e) {
            LOG.error("Cannot obey {}", command[0], e);
            return "failed " + e;
        }
    }

    private String begin(Path pipelineFile) throws Exception {
        stop();
        stopped = false;
        running = loop.submit(() -> rewrite(pipelineFile));
        return "rewriting";
    }

    private String stop() throws Exception {
        stopped = true;
        Future<String> last = running;
        running = null;
        return last == null ? "stopped" : last.get();
    }

    private String rewrite(Path pipelineFile) throws InterruptedException {
        Pipeline pipeline = PipelineFile.read(pipelineFile, connectionsFile);
        int foreign = 0;
        int own = 0;
        int lost = 0;
        for (int round = 0; !stopped; round++) {
            try {
                if (round % 2 == 0) {
                    rewriteAsSparkDoes(pipeline);
                    foreign++;
                } else if (compact(pipelineFile) == 0) {
                    own++;
                } else {
                    lost++;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                // The stream was faster, or a server is away; Spark throws checked exceptions that it does not declare.
                LOG.info(
                        "A rewrite has failed: {}",
                        e.toString().lines().findFirst().orElse(""));
                lost++;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return "stopped after %d rewrites by Spark, %d compactions, %d failed".formatted(foreign, own, lost);
    }

    private void rewriteAsSparkDoes(Pipeline pipeline) {
        for (TableRoute route : pipeline.tables()) {
            TableRoute.IcebergTarget target = route.iceberg();
            if (target != null
                    && spark.catalog().tableExists(catalog + "." + target.namespace() + "." + target.name())) {
                spark.sql("CALL %s.system.rewrite_data_files(table => '%s.%s', %s)"
                        .formatted(
                                catalog,
                                target.namespace(),
                                target.name(),
                                "options => map('rewrite-all', 'true', 'partial-progress.enabled', 'true')"));
            }
        }
    }

    private int compact(Path pipelineFile) throws InterruptedException {
        return CompactJob.run(
                new String[] {
                    "--pipeline",
                    pipelineFile.toString(),
                    "--connections",
                    connectionsFile.toString(),
                    "--cool-down",
                    "0s",
                    "--hot-delete-ratio",
                    "0.01",
                    "--skip-upkeep"
                },
                new PrintWriter(Writer.nullWriter()),
                new PrintWriter(System.err, true),
                () -> spark);
    }

    private String read(String table, Path file) throws Exception {
        List<String> lines = new ArrayList<>();
        for (Row row : rows("SELECT id, region, changed, note FROM " + catalog + "." + table)) {
            lines.add(java.util.stream.IntStream.range(0, row.size())
                    .mapToObj(i -> String.valueOf(row.get(i)))
                    .collect(Collectors.joining("|")));
        }
        lines.sort(null);
        Files.write(file, lines);
        return "read " + lines.size();
    }

    /** The catalog may still have connections to a database that has been killed meanwhile: each fails once. */
    private List<Row> rows(String sql) {
        for (int attempt = 1; ; attempt++) {
            try {
                return spark.sql(sql).collectAsList();
            } catch (UncheckedSQLException e) {
                if (attempt == 5) {
                    throw e;
                }
            }
        }
    }
}

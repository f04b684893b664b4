package io.millrace.local.chaos;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Spark in a process of its own: rewrites the tables in a loop, with its own procedure and with our compaction, and reads them. */
final class Neighbour implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** What Spark needs of ours to reach S3 and the catalog; the rest would not fit. */
    private static final Pattern SHARED = Pattern.compile(
            ".*/(software/amazon/|org/reactivestreams/|org/apache/httpcomponents/|commons-codec/|org/postgresql/).*");

    private final ControlledProcess process;
    private final Path directory;

    Neighbour(Path root, Path directory, Map<String, String> catalog) throws IOException, InterruptedException {
        this.directory = directory;
        Path module = root.resolve("batch-compaction/target");
        String classpath = Stream.concat(
                        Stream.of(
                                module.resolve("test-classes").toString(),
                                module.resolve("classes").toString(),
                                root.resolve("schemas/target/classes").toString(),
                                Files.readString(module.resolve("test-classpath"))
                                        .strip()),
                        Arrays.stream(ownClasspath().split(File.pathSeparator))
                                .filter(entry -> SHARED.matcher(entry).matches()))
                .collect(Collectors.joining(File.pathSeparator));
        Path connections = directory.resolve("connections.yaml");
        Files.writeString(
                connections,
                "connections:\n"
                        + "  kinesis: { region: us-east-1 }\n"
                        + "  schema-registry: { region: us-east-1, name: chaos }\n"
                        + "  storage: { region: us-east-1, location: \"s3://" + ChaosServers.BUCKET + "/state\" }\n"
                        + "  opensearch: { hosts: [\"http://127.0.0.1:1\"] }\n"
                        + "  iceberg:\n    catalog: chaos\n    properties:\n"
                        + catalog.entrySet().stream()
                                .map(entry -> "      " + entry.getKey() + ": \"" + entry.getValue() + "\"\n")
                                .collect(Collectors.joining()));
        List<String> options = List.of("-Xmx700m", "@" + root.resolve("batch-compaction/spark-jvm.options"));
        process = ControlledProcess.start(
                directory.resolve("spark.log"),
                classpath,
                options,
                "io.millrace.batch.compact.RewritingNeighbour",
                Map.of(),
                pipeline(RunSettings.of(0)).toString(),
                connections.toString());
        process.expect("ready", PATIENCE);
    }

    /** The class path of this process, also where the test runner hides it in a jar's manifest. */
    static String ownClasspath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Rewrites the tables of a run until told to stop. */
    void rewrite(RunSettings run) throws IOException, InterruptedException {
        process.send("rewrite " + pipeline(run));
        process.expect("rewriting", PATIENCE);
    }

    private Path pipeline(RunSettings run) throws IOException {
        String tables = run.tables().stream()
                .map(table -> "  - { source: chaos, table: public."
                        + table.identifier().name() + ", key: [id], iceberg: { table: " + table.identifier() + " } }\n")
                .collect(Collectors.joining());
        Path pipeline = directory.resolve("pipeline-" + run.seed() + ".yaml");
        Files.writeString(
                pipeline,
                "pipeline: chaos\nsources:\n"
                        + "  - { name: chaos, format: debezium-avro, transport: kinesis, stream: chaos, shards: 1 }\n"
                        + "tables:\n" + tables);
        return pipeline;
    }

    /** Ends the loop after the rewrite in hand; says how many landed. */
    String stop() throws InterruptedException {
        process.send("stop");
        return process.expect("stopped", PATIENCE);
    }

    /** The rows of a table as Spark reads them, as {@link SnapshotCheck#lastRows} writes them. */
    List<String> rows(String table) throws IOException, InterruptedException {
        Path file = directory.resolve("spark-rows.txt");
        process.send("read " + table + " " + file);
        process.expect("read", PATIENCE);
        return Files.readAllLines(file);
    }

    @Override
    public void close() {
        process.close();
    }
}

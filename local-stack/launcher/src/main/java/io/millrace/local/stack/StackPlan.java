package io.millrace.local.stack;

import static io.millrace.local.stack.Port.FLINK;
import static io.millrace.local.stack.Port.KAFKA;
import static io.millrace.local.stack.Port.KAFKA_CONTROLLER;
import static io.millrace.local.stack.Port.KINESIS;
import static io.millrace.local.stack.Port.METRICS;
import static io.millrace.local.stack.Port.OPENSEARCH;
import static io.millrace.local.stack.Port.OPENSEARCH_TRANSPORT;
import static io.millrace.local.stack.Port.REGISTRY;
import static io.millrace.local.stack.Port.S3;

import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.replay.ReplayRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which processes a pipeline needs on this machine, with which arguments. The servers come first, then the captures,
 * which need all but OpenSearch, then the job, which needs all.
 */
final class StackPlan {

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration GRACE = Duration.ofSeconds(12);
    private static final Duration JOB_GRACE = Duration.ofSeconds(25);

    private static final String[] FLINK_OPTIONS = {
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/java.nio=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "-XX:MaxMetaspaceSize=384m"
    };

    private final StackConfig config;
    private final Installation installation;
    private final Pipeline pipeline;
    private final RunDirectory run;

    StackPlan(StackConfig config, Pipeline pipeline, RunDirectory run) {
        this.config = config;
        this.installation = config.installation();
        this.pipeline = pipeline;
        this.run = run;
    }

    List<Component> components() {
        List<Component> components = new ArrayList<>(List.of(postgres()));
        if (!LocalDatabases.of(pipeline, Database.Kind.MARIADB).isEmpty()) {
            components.add(mariadb());
        }
        if (uses(Source.Transport.KINESIS)) {
            components.add(kinesis());
        }
        if (uses(Source.Transport.KAFKA)) {
            components.add(kafka());
        }
        components.add(s3());
        if (usesRegistry()) {
            components.add(registry());
        }
        if (usesOpenSearch()) {
            components.add(opensearch());
        }
        Set<String> servers = components.stream().map(Component::name).collect(Collectors.toUnmodifiableSet());
        List<Source> captured = capturedSources();
        for (int i = 0; i < captured.size(); i++) {
            components.add(capture(captured.get(i), port(Port.CAPTURE) + i, servers));
        }
        components.add(flink(servers));
        return components;
    }

    private boolean uses(Source.Transport transport) {
        return pipeline.sources().stream().anyMatch(source -> source.transport() == transport);
    }

    private boolean usesRegistry() {
        return pipeline.sources().stream().anyMatch(source -> source.format() == Source.Format.DEBEZIUM_AVRO);
    }

    private boolean usesOpenSearch() {
        return pipeline.tables().stream().anyMatch(table -> table.opensearch() != null);
    }

    /** The name of the component that captures a source. */
    String captureOf(Source source) {
        return capturedSources().size() == 1 ? Port.CAPTURE.key() : Port.CAPTURE.key() + "-" + source.name();
    }

    private List<Source> capturedSources() {
        return pipeline.sources().stream()
                .filter(source -> source.database() != null)
                .toList();
    }

    /** Always there: the Iceberg catalog is in it. */
    private Component postgres() {
        return databases("PostgreSQL", "io.millrace.local.postgres.PostgresServer", Database.Kind.POSTGRESQL);
    }

    private Component mariadb() {
        return databases("MariaDB", "io.millrace.local.mariadb.MariadbServer", Database.Kind.MARIADB);
    }

    private Component databases(String title, String main, Database.Kind kind) {
        Port port = LocalDatabases.port(kind);
        List<String> command = server(port.key(), main, "64m", port(port), port.key());
        command.addAll(List.of(
                "--binaries", installation.home().resolve("cache").toString(),
                "--databases", run.settingsFile(LocalDatabases.file(kind)).toString()));
        return server(port, title, command, "127.0.0.1:" + port(port), Map.of());
    }

    private Component kinesis() {
        List<String> command = new ArrayList<>(List.of(
                "node",
                installation.kinesisServer().toString(),
                "--port",
                Integer.toString(port(KINESIS)),
                "--data",
                config.data().resolve("kinesis").toString()));
        command.addAll(streams("--stream", Source.Transport.KINESIS));
        return server(KINESIS, "Kinesis", command, ConnectionsYaml.kinesis(config.ports()), Map.of());
    }

    private Component kafka() {
        List<String> command = server("kafka", "io.millrace.local.kafka.KafkaServer", "256m", port(KAFKA), "kafka");
        command.addAll(List.of("--controller-port", Integer.toString(port(KAFKA_CONTROLLER))));
        command.addAll(streams("--topic", Source.Transport.KAFKA));
        return new Component(
                KAFKA.key(),
                "Kafka",
                command,
                List.of(),
                Map.of(),
                Set.of(),
                ports(KAFKA, KAFKA_CONTROLLER),
                ConnectionsYaml.kafka(config.ports()),
                new Readiness.ReadyFile(),
                START,
                GRACE);
    }

    /** The streams that exist from the start, as arguments. */
    private List<String> streams(String option, Source.Transport transport) {
        Stream<String> replays = pipeline.sources().get(0).transport() == transport
                ? Stream.of(option, ReplayRequest.streamOf(pipeline.name()) + ":1")
                : Stream.of();
        return Stream.concat(
                        pipeline.sources().stream()
                                .filter(source -> source.transport() == transport)
                                .flatMap(source -> Stream.of(option, source.stream() + ":" + source.shards())),
                        replays)
                .toList();
    }

    private Component s3() {
        List<String> command = server("s3", "io.millrace.local.s3.S3Server", "256m", port(S3), "s3");
        command.addAll(List.of("--bucket", ConnectionsYaml.BUCKET));
        return server(S3, "S3", command, ConnectionsYaml.s3(config.ports()), Map.of());
    }

    private Component registry() {
        List<String> command =
                server("registry", "io.millrace.local.registry.RegistryServer", "96m", port(REGISTRY), "registry");
        command.addAll(List.of("--registry", ConnectionsYaml.REGISTRY));
        return server(REGISTRY, "Schema Registry", command, ConnectionsYaml.registry(config.ports()), Map.of());
    }

    private Component opensearch() {
        List<String> command = server(
                "opensearch", "io.millrace.local.opensearch.OpenSearchServer", "768m", port(OPENSEARCH), "opensearch");
        command.addAll(List.of("--transport-port", Integer.toString(port(OPENSEARCH_TRANSPORT))));
        return new Component(
                OPENSEARCH.key(),
                "OpenSearch",
                command,
                List.of(),
                Map.of(),
                Set.of(),
                ports(OPENSEARCH, OPENSEARCH_TRANSPORT),
                ConnectionsYaml.opensearch(config.ports()),
                new Readiness.ReadyFile(),
                START,
                GRACE);
    }

    private Component capture(Source source, int port, Set<String> servers) {
        String name = captureOf(source);
        String address = "http://127.0.0.1:" + port;
        List<String> command = java("512m");
        command.addAll(List.of(
                "-Daws.cborEnabled=false",
                "-jar",
                installation.captureJar().toString(),
                "--pipeline",
                config.resolvedPipelineFile().toString(),
                "--connections",
                config.connectionsFile().toString(),
                "--source",
                source.name()));
        command.addAll(List.of("--status-port", Integer.toString(port)));
        return new Component(
                name,
                "Capture of " + source.name(),
                command,
                List.of("--strict"),
                clientEnvironment(),
                servers.stream()
                        .filter(server -> !server.equals(OPENSEARCH.key()))
                        .collect(Collectors.toUnmodifiableSet()),
                Map.of(name, port),
                address,
                new Readiness.Answers(URI.create(address + "/health")),
                START,
                Duration.ofSeconds(20));
    }

    private Component flink(Set<String> servers) {
        List<String> command =
                server("flink", "io.millrace.local.flink.LocalFlink", "1g", port(FLINK), "flink", FLINK_OPTIONS);
        command.addAll(List.of(
                "--metrics-port", Integer.toString(port(METRICS)),
                "--job", installation.jobJar().toString(),
                "--pipeline", config.resolvedPipelineFile().toString(),
                "--connections", config.connectionsFile().toString(),
                "--checkpoints", pipeline.connections().storage().location() + "/checkpoints",
                "--s3-endpoint", ConnectionsYaml.s3(config.ports())));
        Map<String, String> environment = new LinkedHashMap<>(clientEnvironment());
        environment.put("FLINK_PLUGINS_DIR", installation.flinkPlugins().toString());
        return new Component(
                FLINK.key(),
                "Flink",
                command,
                List.of(),
                environment,
                servers,
                ports(FLINK, METRICS),
                "http://127.0.0.1:" + port(FLINK),
                new Readiness.ReadyFile(),
                START,
                JOB_GRACE);
    }

    private Component server(
            Port port, String title, List<String> command, String address, Map<String, String> environment) {
        return new Component(
                port.key(),
                title,
                command,
                List.of(),
                environment,
                Set.of(),
                ports(port),
                address,
                new Readiness.ReadyFile(),
                START,
                GRACE);
    }

    /** A server's Java process on its module's own classpath. */
    private List<String> server(
            String module, String main, String heap, int port, String dataDirectory, String... options) {
        List<String> command = java(heap, options);
        command.addAll(List.of(
                "-Dlog4j2.configurationFile=millrace-server-log4j2.xml",
                "-cp",
                installation.classpath(module),
                main,
                "--port",
                Integer.toString(port),
                "--data",
                config.data().resolve(dataDirectory).toString()));
        return command;
    }

    private List<String> java(String heap, String... options) {
        List<String> command = new ArrayList<>(List.of(
                installation.java(),
                "-Xmx" + heap,
                // A laptop has few cores: a second compiler and a collector of several threads keep them busy while the
                // stack warms up.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Duser.timezone=UTC",
                "-Duser.language=en",
                "-Duser.country=US",
                "-Dfile.encoding=UTF-8",
                "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(List.of(options));
        return command;
    }

    /** What every client of the local servers needs. kinesalite does not speak CBOR. */
    private Map<String, String> clientEnvironment() {
        return Map.of(
                "AWS_ACCESS_KEY_ID",
                LocalCredentials.ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY",
                LocalCredentials.SECRET_KEY,
                "AWS_REGION",
                LocalCredentials.REGION,
                "AWS_EC2_METADATA_DISABLED",
                "true",
                "AWS_CBOR_DISABLE",
                "1",
                PipelineFile.KEY_VARIABLE,
                LocalMaskingKey.environment(config.data()).getOrDefault(PipelineFile.KEY_VARIABLE, ""));
    }

    private int port(Port port) {
        return config.ports().number(port);
    }

    private Map<String, Integer> ports(Port... ports) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (Port port : ports) {
            numbers.put(port.key(), port(port));
        }
        return numbers;
    }
}

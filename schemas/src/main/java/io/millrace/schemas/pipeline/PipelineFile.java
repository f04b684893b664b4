package io.millrace.schemas.pipeline;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.mask.KeySource;
import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.pipeline.Connections.SchemaRegistry.Compatibility;
import io.millrace.schemas.pipeline.TableRoute.IcebergTarget;
import io.millrace.schemas.pipeline.TableRoute.OpenSearchTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * The YAML file that describes a pipeline; {@code docs/pipeline-file.md} is its reference.
 *
 * <p>Scalars are taken as they are written, so {@code no} and {@code 0123} are texts where a text is expected.
 * {@code ${NAME}} and {@code ${NAME:-default}} in a scalar are taken from the environment.
 */
public final class PipelineFile {
    /** The environment variable that has the masking key if the file does not say where it is. */
    public static final String KEY_VARIABLE = "MILLRACE_MASKING_KEY";

    private PipelineFile() {}

    /**
     * Reads and checks a pipeline.
     *
     * @param pipelineFile what flows
     * @param connectionsFile a file with a {@code connections} section, which replaces the pipeline file's own
     * @throws PipelineProblems with everything that is wrong, if anything is
     */
    public static Pipeline read(Path pipelineFile, @Nullable Path connectionsFile) {
        return read(pipelineFile, connectionsFile, System.getenv());
    }

    /** Reads and checks a pipeline whose references stand for these variables, and not for this process's own. */
    public static Pipeline read(Path pipelineFile, @Nullable Path connectionsFile, Map<String, String> environment) {
        Problems problems = new Problems();
        boolean separate = connectionsFile != null;
        Section pipeline = section(
                new YamlFile(pipelineFile, 0),
                Settings.PIPELINE,
                separate ? Set.of("connections") : Set.of(),
                environment,
                problems);
        Section connections = connectionsFile == null
                ? pipeline
                : section(new YamlFile(connectionsFile, 1), Settings.CONNECTIONS_FILE, Set.of(), environment, problems);
        Section servers = connections.find("connections", Section.class);
        String maskingKey = environment.getOrDefault(KEY_VARIABLE, "");
        new PipelineChecks(problems).check(pipeline, servers, maskingKey);
        if (problems.any()) {
            throw new PipelineProblems(problems.inOrder());
        }
        return pipeline(pipeline, connections(connections.section("connections")), maskingKey);
    }

    private static Section section(
            YamlFile file,
            SettingType.Group group,
            Set<String> elsewhere,
            Map<String, String> environment,
            Problems problems) {
        MappingNode root = file.read(problems);
        return root == null
                ? new Section("", file.place(null))
                : new SectionReader(file, environment, problems).read("", group, root, elsewhere);
    }

    private static Pipeline pipeline(Section section, Connections connections, String maskingKey) {
        return new Pipeline(
                section.text("pipeline"),
                section.list("sources", Section.class).stream()
                        .map(PipelineFile::source)
                        .toList(),
                eventTime(section.section("event-time"), section.list("tables", Section.class)),
                new Sequencing(
                        section.section("deduplication").value("window", Duration.class),
                        section.section("tombstones").value("retention", Duration.class)),
                new Checkpoints(
                        section.section("checkpoints").value("interval", Duration.class),
                        section.section("checkpoints").value("commit-interval", Duration.class)),
                section.list("tables", Section.class).stream()
                        .map(PipelineFile::route)
                        .toList(),
                connections,
                masking(section.find("masking", Section.class), maskingKey),
                section.value("ingestion-minutes", Boolean.class));
    }

    private static KeySource masking(@Nullable Section section, String fromEnvironment) {
        if (section == null) {
            return fromEnvironment.isEmpty() ? KeySource.NONE : new KeySource(fromEnvironment, null, null);
        }
        Secret key = section.find("key", Secret.class);
        return new KeySource(
                key == null ? null : key.reveal(),
                section.find("secret", String.class),
                section.find("endpoint", String.class));
    }

    private static EventTime eventTime(Section section, List<Section> tables) {
        Lateness lateness = new Lateness(
                section.value("allowed-lateness", Duration.class), section.value("late", Lateness.Policy.class));
        Map<String, Lateness> exceptions = new LinkedHashMap<>();
        for (Section table : tables) {
            Duration allowed = table.find("allowed-lateness", Duration.class);
            Lateness.Policy policy = table.find("late", Lateness.Policy.class);
            if (allowed != null || policy != null) {
                exceptions.put(
                        table.text("source") + "." + table.text("table"),
                        new Lateness(
                                allowed == null ? lateness.allowed() : allowed,
                                policy == null ? lateness.policy() : policy));
            }
        }
        return new EventTime(
                section.value("out-of-orderness", Duration.class),
                section.value("idleness", Duration.class),
                section.value("max-ahead", Duration.class),
                lateness,
                exceptions);
    }

    private static Source source(Section section) {
        return new Source(
                section.text("name"),
                section.value("format", Source.Format.class),
                section.value("transport", Source.Transport.class),
                section.text("stream"),
                section.number("shards"),
                section.text("before-image"),
                section.value("inline-schema", Boolean.class),
                section.has("database") ? database(section.section("database")) : null);
    }

    private static Database database(Section section) {
        Database.Kind kind = section.value("type", Database.Kind.class);
        int port = section.has("port") ? section.number("port") : section.has("host") ? kind.standardPort() : 0;
        return new Database(
                kind,
                section.find("host", String.class),
                port,
                section.text("name"),
                section.text("user"),
                section.value("password", Secret.class),
                section.find("init", String.class),
                section.has("server-id") ? section.number("server-id") : 0);
    }

    private static TableRoute route(Section section) {
        String[] table = section.text("table").split("\\.", 2);
        return new TableRoute(
                new TableId(section.text("source"), table[0], table[1]),
                section.list("key", String.class),
                section.map("columns", DeclaredType.class),
                section.has("iceberg") ? icebergTarget(section.section("iceberg")) : null,
                section.has("opensearch")
                        ? new OpenSearchTarget(section.section("opensearch").text("index"))
                        : null,
                section.map("renames", String.class),
                new Quality(
                        section.map("masks", Mask.class),
                        section.list("rules", Section.class).stream()
                                .map(RuleReader::read)
                                .toList(),
                        section.path()),
                section.value("truncate", TableRoute.OnTruncate.class));
    }

    private static IcebergTarget icebergTarget(Section section) {
        String[] table = section.text("table").split("\\.", 2);
        return new IcebergTarget(
                table[0],
                table[1],
                section.list("partition-by", String.class),
                section.number("format-version"),
                section.value("key-bloom-filter", Boolean.class));
    }

    private static Connections connections(Section section) {
        Section storage = section.section("storage");
        Section iceberg = section.section("iceberg");
        return new Connections(
                ifThere(
                        section,
                        "kinesis",
                        kinesis -> new Connections.Kinesis(
                                kinesis.text("region"), kinesis.find("endpoint", String.class))),
                ifThere(
                        section,
                        "kafka",
                        kafka -> new Connections.Kafka(
                                kafka.list("bootstrap-servers", String.class), kafka.map("properties", String.class))),
                ifThere(section, "schema-registry", PipelineFile::registry),
                new Connections.Storage(
                        storage.text("region"), storage.find("endpoint", String.class), storage.text("location")),
                new Connections.Iceberg(iceberg.text("catalog"), iceberg.map("properties", String.class)),
                ifThere(
                        section,
                        "opensearch",
                        opensearch -> new Connections.OpenSearch(
                                opensearch.list("hosts", String.class),
                                opensearch.find("user", String.class),
                                opensearch.find("password", Secret.class),
                                opensearch.number("replicas"))));
    }

    private static Connections.SchemaRegistry registry(Section registry) {
        return new Connections.SchemaRegistry(
                registry.text("region"),
                registry.find("endpoint", String.class),
                registry.text("name"),
                registry.value("compatibility", Compatibility.class));
    }

    private static <T> @Nullable T ifThere(Section section, String name, Function<Section, T> read) {
        return section.has(name) ? read.apply(section.section(name)) : null;
    }
}

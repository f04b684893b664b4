package io.millrace.local.stack;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where everything of a stack is: written to {@code endpoints.json} in the data directory, and again whenever a
 * component starts, gets healthy or stops.
 *
 * @param launcherPid the process that runs the stack
 * @param pipeline the pipeline's name
 * @param pipelineFile the pipeline file as the user wrote it
 * @param resolvedPipelineFile the pipeline file with the addresses of local databases, for other programs
 * @param connectionsFile the connections file
 * @param data the data directory
 * @param credentials what the local Kinesis, S3 and registry accept
 * @param catalog where the Iceberg catalog is
 * @param metrics where Prometheus reads the job's metrics
 * @param components each process by its name, in the order in which a change passes them
 * @param sources each source by its name
 * @param tables each table of the pipeline
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Endpoints(
        long launcherPid,
        String pipeline,
        String pipelineFile,
        String resolvedPipelineFile,
        String connectionsFile,
        String data,
        Credentials credentials,
        Jdbc catalog,
        String metrics,
        Map<String, ComponentEndpoint> components,
        Map<String, SourceEndpoint> sources,
        List<TableEndpoint> tables) {

    /** What the local Kinesis, S3 and registry accept. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Credentials(String accessKey, String secretKey, String region) {}

    /** A database, and who may open it. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Jdbc(String jdbcUrl, String user, String password) {}

    /**
     * A process of the stack.
     *
     * @param address what to open or connect to
     * @param port the port on 127.0.0.1
     * @param pid the process; 0 if there is none at the moment
     * @param state where it is in its life
     * @param since when it came into this state, ISO 8601
     * @param restarts how often it was started again after it had died
     * @param log its log file
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record ComponentEndpoint(
            String address, int port, long pid, ComponentState state, String since, int restarts, String log) {}

    /**
     * A source.
     *
     * @param stream the Kinesis stream
     * @param shards how many shards it was made with
     * @param capture the component that captures it; null if none of the stack's does
     * @param database where its database is; null without a capture
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SourceEndpoint(
            String stream,
            int shards,
            @Nullable String capture,
            @Nullable Jdbc database) {}

    /**
     * A table and its targets.
     *
     * @param table the source table's full name, {@code source.schema.table}
     * @param iceberg the Iceberg table, {@code namespace.name}
     * @param index the OpenSearch index
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TableEndpoint(
            String table,
            @Nullable String iceberg,
            @Nullable String index) {}

    /** A component by its name. */
    public ComponentEndpoint component(String name) {
        ComponentEndpoint process = components.get(name);
        if (process == null) {
            throw new IllegalArgumentException("No component " + name + " in " + components.keySet());
        }
        return process;
    }
}

package io.millrace.local.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.millrace.local.iceberg.IcebergFiles;
import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.LocalMaskingKey;
import io.millrace.local.stack.OtherStack;
import io.millrace.schemas.pipeline.PipelineFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a running stack is.
 *
 * @param healthy whether every component is
 * @param endpoints where everything is
 * @param captures how far each capture is, by its component's name; without those that do not answer
 * @param job how far the job is; null if Flink does not answer
 * @param accounting what became of every record; null if Flink does not answer
 * @param volumes how much comes of the tables that have a rule about it, by source, by table; null if Flink does not answer
 * @param icebergFiles the files of each Iceberg table, by its source table; null if catalog or storage do not answer
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StackStatus(
        boolean healthy,
        Endpoints endpoints,
        Map<String, CaptureStatus> captures,
        @Nullable JobStatus job,
        @Nullable Accounting accounting,
        @Nullable Map<String, Map<String, TableVolume>> volumes,
        @Nullable Map<String, IcebergFiles> icebergFiles) {

    private static final Logger LOG = LoggerFactory.getLogger(StackStatus.class);

    /** Asks the components of a running stack. */
    public static StackStatus of(Endpoints endpoints) throws InterruptedException {
        JsonEndpoint http = new JsonEndpoint();
        Map<String, CaptureStatus> captures = new LinkedHashMap<>();
        for (Endpoints.SourceEndpoint source : endpoints.sources().values()) {
            String name = source.capture();
            if (name != null) {
                Optional<JsonNode> answer = http.read(endpoints.component(name).address() + "/status");
                answer.ifPresent(status -> captures.put(name, CaptureStatus.of(status)));
            }
        }
        List<TableMetric> metrics = TableMetric.read(endpoints).orElse(null);
        return new StackStatus(
                OtherStack.isHealthy(endpoints),
                endpoints,
                captures,
                JobStatus.read(http, endpoints.component("flink").address()).orElse(null),
                metrics == null ? null : Accounting.of(metrics),
                metrics == null ? null : TableVolume.of(metrics),
                icebergFiles(endpoints));
    }

    private static @Nullable Map<String, IcebergFiles> icebergFiles(Endpoints endpoints) {
        if (endpoints.tables().stream().allMatch(table -> table.iceberg() == null)) {
            return Map.of();
        }
        try {
            return IcebergFiles.ofTables(PipelineFile.read(
                    Path.of(endpoints.resolvedPipelineFile()),
                    Path.of(endpoints.connectionsFile()),
                    LocalMaskingKey.environment(Path.of(endpoints.data()))));
        } catch (RuntimeException unreachable) {
            LOG.debug("Cannot count the files of the Iceberg tables", unreachable);
            return null;
        }
    }
}

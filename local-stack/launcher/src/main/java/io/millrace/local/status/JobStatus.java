package io.millrace.local.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the job is, as Flink's REST interface tells.
 *
 * @param state the job's state, such as {@code RUNNING}
 * @param lastCheckpoint when the last completed checkpoint was triggered, in milliseconds since 1970; null before the
 *     first
 * @param checkpoints completed checkpoints since the job was started
 * @param failedCheckpoints failed ones
 * @param restarts how often Flink itself started the job again
 * @param recordsIn what came from the streams since the job was started
 * @param behindLatestMs how far the slowest shard is read behind its newest record; null if the source does not tell
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobStatus(
        String state,
        @Nullable Long lastCheckpoint,
        long checkpoints,
        long failedCheckpoints,
        long restarts,
        long recordsIn,
        @Nullable Long behindLatestMs) {

    /** How Flink begins the name of a vertex that reads a source. */
    private static final String SOURCE = "Source: ";

    private static final String BEHIND = "millisBehindLatest";

    /** Reads the status of the newest job of a cluster; empty if the cluster does not answer or has no job. */
    static Optional<JobStatus> read(JsonEndpoint http, String cluster) throws InterruptedException {
        Optional<JsonNode> newestJob = newest(http, cluster);
        if (newestJob.isEmpty()) {
            return Optional.empty();
        }
        JsonNode newest = newestJob.get();
        String job = address(cluster, newest);
        JsonNode checkpoints = http.read(job + "/checkpoints").orElse(newest);
        JsonNode last = checkpoints.path("latest").path("completed").path("trigger_timestamp");
        List<JsonNode> sources = new ArrayList<>();
        http.read(job)
                .ifPresent(details -> details.path("vertices").forEach(vertex -> {
                    if (vertex.path("name").asText().startsWith(SOURCE)) {
                        sources.add(vertex);
                    }
                }));
        return Optional.of(new JobStatus(
                newest.path("state").asText(),
                last.isNumber() ? last.asLong() : null,
                checkpoints.path("counts").path("completed").asLong(),
                checkpoints.path("counts").path("failed").asLong(),
                restarts(http, job),
                sources.stream()
                        .mapToLong(source ->
                                source.path("metrics").path("write-records").asLong())
                        .sum(),
                behindLatest(http, job, sources)));
    }

    /** The address of the newest job of a cluster; empty if the cluster does not answer or has no job. */
    static Optional<String> newestJob(JsonEndpoint http, String cluster) throws InterruptedException {
        return newest(http, cluster).map(job -> address(cluster, job));
    }

    private static Optional<JsonNode> newest(JsonEndpoint http, String cluster) throws InterruptedException {
        List<JsonNode> jobs = new ArrayList<>();
        http.read(cluster + "/jobs/overview")
                .ifPresent(node -> node.path("jobs").forEach(jobs::add));
        return jobs.stream()
                .max(Comparator.comparingLong(job -> job.path("start-time").asLong()));
    }

    private static String address(String cluster, JsonNode job) {
        return cluster + "/jobs/" + job.path("jid").asText();
    }

    private static long restarts(JsonEndpoint http, String job) throws InterruptedException {
        return http.read(job + "/metrics?get=numRestarts")
                .map(metrics -> metrics.path(0).path("value").asLong())
                .orElse(0L);
    }

    private static @Nullable Long behindLatest(JsonEndpoint http, String job, List<JsonNode> sources)
            throws InterruptedException {
        Long most = null;
        for (JsonNode source : sources) {
            String metrics = job + "/vertices/" + source.path("id").asText() + "/subtasks/metrics";
            List<String> names = new ArrayList<>();
            http.read(metrics)
                    .ifPresent(known -> known.forEach(metric -> {
                        String id = metric.path("id").asText();
                        if (id.endsWith(BEHIND)) {
                            names.add(id);
                        }
                    }));
            if (!names.isEmpty()) {
                Optional<JsonNode> values = http.read(metrics + "?agg=max&get=" + String.join(",", names));
                if (values.isPresent()) {
                    for (JsonNode metric : values.get()) {
                        long behind = metric.path("max").asLong();
                        most = most == null ? behind : Math.max(most, behind);
                    }
                }
            }
        }
        return most;
    }
}

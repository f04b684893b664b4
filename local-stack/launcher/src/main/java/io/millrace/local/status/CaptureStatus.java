package io.millrace.local.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a capture is.
 *
 * @param state what it does, such as {@code snapshotting} or {@code streaming}
 * @param captured changes published since it was started, by table
 * @param lagMs how far the last published change is behind its commit; null if there was none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CaptureStatus(
        String state, Map<String, Long> captured, @Nullable Long lagMs) {

    static CaptureStatus of(JsonNode status) {
        Map<String, Long> captured = new TreeMap<>();
        status.path("captured")
                .properties()
                .forEach(table -> captured.put(table.getKey(), table.getValue().asLong()));
        return new CaptureStatus(
                status.path("state").asText("unknown").toLowerCase(Locale.ROOT),
                captured,
                status.path("lag_ms").isNumber() ? status.path("lag_ms").asLong() : null);
    }

    /** All tables together. */
    long total() {
        return captured.values().stream().mapToLong(Long::longValue).sum();
    }
}

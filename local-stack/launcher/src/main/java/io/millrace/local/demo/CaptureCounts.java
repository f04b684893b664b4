package io.millrace.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What a capture says it has put on the stream, by table. Counts go on when it is started again. Not thread-safe. */
final class CaptureCounts {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final JsonMapper json = JsonMapper.builder().build();
    private final URI status;
    private final Map<String, Long> last = new TreeMap<>();
    private final Map<String, Long> ofEarlierProcesses = new TreeMap<>();

    /**
     * @param address where the capture's status is
     */
    CaptureCounts(String address) {
        status = URI.create(address.replaceAll("/(status|health)?$", "") + "/status");
    }

    /** The counts now, or the last ones known if the capture does not answer. */
    Map<String, Long> read() throws InterruptedException {
        try {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(status).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
            JsonNode captured = json.readTree(response.body()).path("captured");
            captured.properties()
                    .forEach(table -> update(table.getKey(), table.getValue().asLong()));
        } catch (IOException silent) {
            // It is being started again.
        }
        Map<String, Long> counts = new TreeMap<>(last);
        ofEarlierProcesses.forEach((table, count) -> counts.merge(table, count, Long::sum));
        return counts;
    }

    private void update(String table, long count) {
        Long before = last.put(table, count);
        if (before != null && count < before) {
            ofEarlierProcesses.merge(table, before, Long::sum);
        }
    }
}

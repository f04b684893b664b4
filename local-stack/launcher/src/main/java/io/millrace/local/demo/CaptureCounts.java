package io.millrace.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the captures say they have put on their streams, by table. Counts go on when one is started again. Not thread-safe. */
final class CaptureCounts {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final JsonMapper json = JsonMapper.builder().build();
    private final List<URI> captures;
    private final Map<String, Long> last = new TreeMap<>();
    private final Map<String, Long> ofEarlierProcesses = new TreeMap<>();

    /**
     * @param addresses where the captures are; no two have a table of the same name
     */
    CaptureCounts(Collection<String> addresses) {
        captures = addresses.stream()
                .map(address -> URI.create(address + "/status"))
                .toList();
    }

    /** The counts now, or the last ones known of a capture that does not answer. */
    Map<String, Long> read() throws InterruptedException {
        for (URI capture : captures) {
            read(capture);
        }
        Map<String, Long> counts = new TreeMap<>(last);
        ofEarlierProcesses.forEach((table, count) -> counts.merge(table, count, Long::sum));
        return counts;
    }

    private void read(URI capture) throws InterruptedException {
        try {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(capture).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
            JsonNode captured = json.readTree(response.body()).path("captured");
            captured.properties()
                    .forEach(table -> update(table.getKey(), table.getValue().asLong()));
        } catch (IOException silent) {
            // It is being started again.
        }
    }

    private void update(String table, long count) {
        Long before = last.put(table, count);
        if (before != null && count < before) {
            ofEarlierProcesses.merge(table, before, Long::sum);
        }
    }
}

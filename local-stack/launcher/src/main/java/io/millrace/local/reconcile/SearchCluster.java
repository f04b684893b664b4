package io.millrace.local.reconcile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** OpenSearch's REST interface. Thread-safe. */
public final class SearchCluster {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String host;
    private final @Nullable String authorization;

    private SearchCluster(String host, @Nullable String authorization) {
        this.host = host;
        this.authorization = authorization;
    }

    /** Talks to the first host of a connection; opens nothing yet. */
    public static SearchCluster of(Connections.OpenSearch connection) {
        Secret password = connection.password();
        String authorization = connection.user() == null || password == null
                ? null
                : "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (connection.user() + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8));
        return new SearchCluster(connection.hosts().get(0), authorization);
    }

    /**
     * Sends a request and reads the answer as JSON: maps, lists, strings, booleans and {@link JsonReader.Number}s.
     *
     * @return null if there is no such index or document (404)
     * @throws IOException if the cluster cannot be reached or answers with another error
     */
    public @Nullable Map<String, @Nullable Object> request(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(host + path))
                .timeout(TIMEOUT)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", path.endsWith("_msearch") ? "application/x-ndjson" : "application/json");
        }
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream content = response.body()) {
            if (response.statusCode() == 404) {
                return null;
            }
            if (response.statusCode() >= 300) {
                throw new IOException("OpenSearch answers " + response.statusCode() + " to " + method + " " + path);
            }
            try (JsonParser parser = JSON.createParser(content)) {
                parser.nextToken();
                return object(JsonReader.value(parser));
            }
        }
    }

    /** The cluster's address. */
    public String host() {
        return host;
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> object(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }
}

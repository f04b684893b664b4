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
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** OpenSearch's REST interface. Thread-safe. */
public final class SearchCluster {
    static final Duration TIMEOUT = Duration.ofSeconds(60);
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
    private final AtomicLong bytesRead = new AtomicLong();

    /** An answer of the cluster that is no answer to the question. */
    static final class Refusal extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refusal(int status, String message) {
            super(message);
            this.status = status;
        }

        /** Whether the cluster cannot do what was asked: it has no such function, or may not run scripts. */
        boolean isForGood() {
            return status == 400 || status == 403 || status == 405;
        }
    }

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
        return request(method, path, body, TIMEOUT);
    }

    /** The same, of a request that may take its time. */
    @Nullable
    Map<String, @Nullable Object> request(String method, String path, String body, Duration timeout)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(host + path))
                .timeout(timeout)
                .header("Accept-Encoding", "gzip")
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
        try (InputStream raw = new CountedSockets.CountedInput(response.body(), bytesRead)) {
            if (response.statusCode() == 404) {
                return null;
            }
            if (response.statusCode() >= 300) {
                throw new Refusal(
                        response.statusCode(),
                        "OpenSearch answers " + response.statusCode() + " to " + method + " " + path);
            }
            boolean zipped = response.headers()
                    .firstValue("Content-Encoding")
                    .filter("gzip"::equals)
                    .isPresent();
            try (JsonParser parser = JSON.createParser(zipped ? new GZIPInputStream(raw) : raw)) {
                parser.nextToken();
                return object(JsonReader.value(parser));
            }
        }
    }

    /** The cluster's address. */
    public String host() {
        return host;
    }

    /** The bytes of all answers so far, as they came. */
    long bytesRead() {
        return bytesRead.get();
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> object(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }
}

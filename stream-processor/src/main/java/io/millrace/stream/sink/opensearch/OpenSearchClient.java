package io.millrace.stream.sink.opensearch;

import io.millrace.schemas.pipeline.Connections;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to an OpenSearch cluster, to one host after the other. Knows of no retries: that is for the caller, who
 * finds the next host by asking again.
 *
 * <p>The JDK's HTTP client is all it takes; OpenSearch's own client would more than double the job's jar. Safe for use by
 * several threads.
 */
public final class OpenSearchClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final List<String> hosts;
    private final @Nullable String authorization;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * An answer of the cluster.
     *
     * @param status the HTTP status
     * @param body the body, empty if there is none
     */
    public record Reply(int status, byte[] body) {

        /** Whether the cluster did what it was asked. */
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        /** Whether the cluster may do later what it cannot do now. */
        public boolean isBusy() {
            return status == 429 || status >= 500;
        }

        /** The body as text, cut off where it gets long; for error messages. */
        public String excerpt() {
            String text = new String(body, StandardCharsets.UTF_8);
            return text.length() > 500 ? text.substring(0, 500) + "…" : text;
        }
    }

    public OpenSearchClient(Connections.OpenSearch connection) {
        hosts = connection.hosts().stream()
                .map(host -> host.endsWith("/") ? host.substring(0, host.length() - 1) : host)
                .toList();
        authorization = connection.user() == null || connection.password() == null
                ? null
                : "Basic "
                        + Base64.getEncoder()
                                .encodeToString((connection.user() + ":"
                                                + connection.password().reveal())
                                        .getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends a request; the future fails if there is no answer.
     *
     * @param path begins with a slash
     * @param body JSON, or lines of it for the bulk API; null for a request without body
     */
    public CompletableFuture<Reply> send(String method, String path, byte @Nullable [] body) {
        String host = hosts.get(Math.floorMod(turn.getAndIncrement(), hosts.size()));
        BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(host + path))
                .timeout(REQUEST_TIMEOUT)
                .method(method, publisher)
                .header("Content-Type", path.startsWith("/_bulk") ? "application/x-ndjson" : "application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofByteArray()).thenApply(OpenSearchClient::reply);
    }

    private static Reply reply(HttpResponse<byte[]> response) {
        return new Reply(response.statusCode(), response.body());
    }
}

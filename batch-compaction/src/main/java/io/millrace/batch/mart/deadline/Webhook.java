package io.millrace.batch.mart.deadline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts alerts to an address as JSON: {@code {"text": …, "pipeline": …, "marts": […]}}. Chat services show the text as it is.
 */
public final class Webhook implements Alerts {
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 3;

    private final URI address;
    private final String pipeline;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    public Webhook(URI address, String pipeline) {
        this.address = address;
        this.pipeline = pipeline;
    }

    @Override
    public void send(String text, List<String> marts) {
        ObjectNode body = JSON.createObjectNode().put("text", text).put("pipeline", pipeline);
        marts.forEach(body.putArray("marts")::add);
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        String failure = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status < 300) {
                    return;
                }
                failure = "it answered " + status;
            } catch (IOException e) {
                failure = e.toString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = "the run was stopped";
                break;
            }
        }
        // Not the whole address: its path is the secret of many chat services.
        LOG.error("Cannot send an alert to {}: {}. The alert was: {}", address.getHost(), failure, text);
    }
}

package io.millrace.stream.sink.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * As much of OpenSearch as the sink uses: indexes with mappings, and bulk writes with external versions. It refuses
 * documents with a field {@code refuse}, answers 503 as often as told, and can be stopped and started again.
 */
public final class FakeOpenSearch implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> indexes = new HashMap<>();
    private final Map<String, Map<String, Long>> versions = new HashMap<>();
    private final Map<String, Map<String, JsonNode>> documents = new HashMap<>();
    private int busyAnswersLeft;
    private int requests;
    private HttpServer server;

    public FakeOpenSearch() throws IOException {
        server = listen(0);
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public synchronized void answerBusy(int times) {
        busyAnswersLeft = times;
    }

    public void stop() {
        server.stop(0);
    }

    public void startAgain() throws IOException {
        server = listen(server.getAddress().getPort());
    }

    public synchronized Map<String, JsonNode> documents(String index) {
        return Map.copyOf(documents.getOrDefault(index, Map.of()));
    }

    public synchronized JsonNode index(String index) {
        return indexes.getOrDefault(index, JSON.createObjectNode());
    }

    public synchronized int requests() {
        return requests;
    }

    private HttpServer listen(int port) throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        listening.createContext("/", this::answer);
        listening.start();
        return listening;
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        requests++;
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        if (busyAnswersLeft > 0 && path.equals("/_bulk")) {
            busyAnswersLeft--;
            reply(exchange, 503, "{}");
        } else if (path.equals("/_bulk")) {
            reply(exchange, 200, bulk(new String(body, StandardCharsets.UTF_8)).toString());
        } else if (path.endsWith("/_mapping")) {
            String index = path.substring(1, path.indexOf("/_mapping"));
            if (!indexes.containsKey(index)) {
                reply(exchange, 404, "{}");
            } else if (exchange.getRequestMethod().equals("PUT")) {
                ((ObjectNode) indexes.get(index).path("mappings").path("properties"))
                        .setAll((ObjectNode) JSON.readTree(body).path("properties"));
                reply(exchange, 200, "{}");
            } else {
                reply(
                        exchange,
                        200,
                        JSON.createObjectNode().set(index, indexes.get(index)).toString());
            }
        } else if (indexes.putIfAbsent(path.substring(1), (ObjectNode) JSON.readTree(body)) == null) {
            reply(exchange, 200, "{}");
        } else {
            reply(exchange, 400, "{\"error\":{\"type\":\"resource_already_exists_exception\"}}");
        }
    }

    private ObjectNode bulk(String body) throws IOException {
        ArrayNode items = JSON.createArrayNode();
        boolean errors = false;
        Iterator<String> lines = List.of(body.split("\n")).iterator();
        while (lines.hasNext()) {
            Map.Entry<String, JsonNode> action =
                    JSON.readTree(lines.next()).fields().next();
            JsonNode document = action.getKey().equals("index") ? JSON.readTree(lines.next()) : null;
            int status = write(action.getValue(), document);
            ObjectNode result = items.addObject().putObject(action.getKey());
            result.put("status", status);
            if (status >= 400) {
                errors = true;
                result.putObject("error")
                        .put("type", status == 409 ? "version_conflict_engine_exception" : "mapper_parsing_exception");
            }
        }
        ObjectNode response = JSON.createObjectNode();
        response.put("errors", errors);
        response.set("items", items);
        return response;
    }

    private int write(JsonNode action, @Nullable JsonNode document) {
        String index = action.path("_index").asText();
        String id = action.path("_id").asText();
        long version = action.path("version").asLong();
        if (document != null && document.has("refuse")) {
            return 400;
        }
        Map<String, Long> known = versions.computeIfAbsent(index, i -> new HashMap<>());
        if (known.getOrDefault(id, -1L) >= version) {
            return 409;
        }
        known.put(id, version);
        Map<String, JsonNode> stored = documents.computeIfAbsent(index, i -> new HashMap<>());
        if (document == null) {
            stored.remove(id);
        } else {
            stored.put(id, document);
        }
        return 200;
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        stop();
    }
}

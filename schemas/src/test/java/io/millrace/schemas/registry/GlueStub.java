package io.millrace.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** As much of Glue as its client needs, in memory; refuses every definition that contains "incompatible". */
final class GlueStub implements AutoCloseable {
    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;

    /** The actions that were called, such as {@code GetSchemaVersion}. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    /** What a schema was created with. */
    final List<String> compatibilities = new CopyOnWriteArrayList<>();

    private final Map<String, List<Version>> versions = new ConcurrentHashMap<>();

    private record Version(UUID id, String definition, String status) {}

    GlueStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** Adds a version without a check. */
    UUID put(String schemaName, String definition) {
        return add(schemaName, definition).id();
    }

    private Version add(String schemaName, String definition) {
        Version version = new Version(
                UUID.nameUUIDFromBytes((schemaName + definition).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                definition,
                definition.contains("incompatible") ? "FAILURE" : "AVAILABLE");
        versions.computeIfAbsent(schemaName, name -> new ArrayList<>()).add(version);
        return version;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String action = target.substring(target.indexOf('.') + 1);
        calls.add(action);
        JsonNode request = json.readTree(exchange.getRequestBody());
        String name = request.at("/SchemaId/SchemaName")
                .asText(request.path("SchemaName").asText());
        String definition = request.path("SchemaDefinition").asText();
        switch (action) {
            case "GetSchemaByDefinition" -> {
                if (!versions.containsKey(name)) {
                    notFound(exchange, "Schema is not found.");
                } else {
                    find(version -> version.definition().equals(definition), exchange, "Schema version is not found.");
                }
            }
            case "CreateSchema" -> {
                compatibilities.add(request.path("Compatibility").asText());
                send(exchange, 200, version(add(name, definition)));
            }
            case "RegisterSchemaVersion" -> send(exchange, 200, version(add(name, definition)));
            case "GetSchemaVersion" -> {
                String id = request.path("SchemaVersionId").asText();
                find(version -> version.id().toString().equals(id), exchange, "Schema version is not found.");
            }
            default -> send(exchange, 400, json.createObjectNode().put("__type", "InvalidInputException"));
        }
    }

    private void find(java.util.function.Predicate<Version> wanted, HttpExchange exchange, String otherwise)
            throws IOException {
        var found =
                versions.values().stream().flatMap(List::stream).filter(wanted).findFirst();
        if (found.isPresent()) {
            send(exchange, 200, version(found.get()));
        } else {
            notFound(exchange, otherwise);
        }
    }

    private ObjectNode version(Version version) {
        return json.createObjectNode()
                .put("SchemaVersionId", version.id().toString())
                .put("SchemaDefinition", version.definition())
                .put("DataFormat", "AVRO")
                .put("Status", version.status());
    }

    private void notFound(HttpExchange exchange, String message) throws IOException {
        send(
                exchange,
                400,
                json.createObjectNode().put("__type", "EntityNotFoundException").put("Message", message));
    }

    private void send(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        byte[] bytes = json.writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}

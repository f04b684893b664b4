package io.millrace.local.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AWS JSON 1.1 over HTTP: the operation is in {@code X-Amz-Target}, errors have status 400 and their name in
 * {@code __type}. Signatures are not checked.
 */
final class GlueEndpoint implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(GlueEndpoint.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String TARGET = "AWSGlue.";

    private final RegistryOperations operations;

    GlueEndpoint(RegistryOperations operations) {
        this.operations = operations;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String operation = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                    .orElse("");
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                answer(exchange, 200, operations.execute(operationName(operation), read(body)));
            } catch (RegistryError e) {
                LOG.info("{}: {}: {}", operation, e.type(), e.getMessage());
                answer(exchange, 400, error(e.type().name(), e.getMessage()));
            } catch (RuntimeException e) {
                LOG.error("{} failed", operation, e);
                answer(exchange, 500, error("InternalServiceException", e.toString()));
            }
        }
    }

    private static String operationName(String target) {
        if (!target.startsWith(TARGET)) {
            throw RegistryError.unknownOperation(target);
        }
        return target.substring(TARGET.length());
    }

    private static JsonNode read(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            throw RegistryError.malformed("Request is not JSON");
        }
    }

    private static ObjectNode error(String type, @Nullable String message) {
        return JsonNodeFactory.instance.objectNode().put("__type", type).put("Message", message);
    }

    private static void answer(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
        if (answer.has("__type")) {
            exchange.getResponseHeaders()
                    .set("x-amzn-ErrorType", answer.get("__type").asText());
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}

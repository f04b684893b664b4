package io.millrace.capture.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** Serves {@code GET /health} (200 unless failed) and {@code GET /status} (JSON) on the loopback interface. */
public final class StatusServer implements AutoCloseable {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final Supplier<CaptureStatus> status;

    private StatusServer(HttpServer server, Supplier<CaptureStatus> status) {
        this.server = server;
        this.status = status;
    }

    /**
     * Starts serving.
     *
     * @param port the port; 0 for any free one
     */
    public static StatusServer start(int port, Supplier<CaptureStatus> status) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        StatusServer server = new StatusServer(http, status);
        http.createContext("/health", server::health);
        http.createContext("/status", server::status);
        http.start();
        return server;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void health(HttpExchange exchange) throws IOException {
        boolean failed = status.get().state() == CaptureStatus.State.FAILED;
        answer(exchange, failed ? 503 : 200, "{\"healthy\":" + !failed + "}");
    }

    private void status(HttpExchange exchange) throws IOException {
        answer(exchange, 200, JSON.writeValueAsString(status.get()));
    }

    private static void answer(HttpExchange exchange, int code, String json) throws IOException {
        try (exchange) {
            byte[] body = json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package io.millrace.local.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Trino, the engine of Athena, as a process: one node with one Iceberg catalog. Asked over its HTTP protocol. */
final class TrinoServer implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(4);

    private final Process process;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    /**
     * Starts it and waits until it answers.
     *
     * @param home the unpacked server
     * @param java the Java home to run it with
     * @param catalog Iceberg's own catalog properties
     */
    TrinoServer(Path home, Path java, Path directory, Map<String, String> catalog)
            throws IOException, InterruptedException {
        port = FaultyProxy.freePort();
        Path etc = directory.resolve("trino/etc");
        Files.createDirectories(etc.resolve("catalog"));
        Path plugins = Files.createDirectories(directory.resolve("trino/plugin"));
        Files.createSymbolicLink(plugins.resolve("iceberg"), home.resolve("plugin/iceberg"));
        Files.writeString(etc.resolve("config.properties"), """
                coordinator=true
                node-scheduler.include-coordinator=true
                http-server.http.port=%1$d
                discovery.uri=http://127.0.0.1:%1$d
                plugin.dir=%2$s
                catalog.config-dir=%3$s
                query.max-memory-per-node=300MB
                """.formatted(port, plugins, etc.resolve("catalog")));
        Files.writeString(etc.resolve("catalog/lake.properties"), """
                connector.name=iceberg
                iceberg.catalog.type=jdbc
                iceberg.jdbc-catalog.catalog-name=chaos
                iceberg.jdbc-catalog.driver-class=org.postgresql.Driver
                iceberg.jdbc-catalog.connection-url=%s
                iceberg.jdbc-catalog.connection-user=%s
                iceberg.jdbc-catalog.connection-password=%s
                iceberg.jdbc-catalog.default-warehouse-dir=%s
                fs.native-s3.enabled=true
                s3.endpoint=%s
                s3.region=%s
                s3.path-style-access=true
                s3.aws-access-key=%s
                s3.aws-secret-key=%s
                """.formatted(
                        catalog.get("uri"),
                        catalog.get("jdbc.user"),
                        catalog.get("jdbc.password"),
                        catalog.get("warehouse"),
                        catalog.get("s3.endpoint"),
                        catalog.get("client.region"),
                        catalog.get("s3.access-key-id"),
                        catalog.get("s3.secret-access-key")));
        List<String> command = new ArrayList<>(List.of(
                java.resolve("bin/java").toString(),
                "-Xmx1G",
                "-Djdk.attach.allowAttachSelf=true",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dfile.encoding=UTF-8",
                "-Dconfig=" + etc.resolve("config.properties"),
                "-Dnode.environment=test",
                "-Dnode.id=" + UUID.randomUUID(),
                "-Dnode.data-dir=" + directory.resolve("trino/data"),
                "-Dlog.enable-console=true",
                "-cp",
                home.resolve("lib") + "/*",
                "io.trino.server.TrinoServer"));
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("trino.log").toFile())
                .start();
        awaitStart(directory);
    }

    private void awaitStart(Path directory) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                if (!get("/v1/info").path("starting").asBoolean(true)) {
                    return;
                }
            } catch (IOException notYet) {
                // It does not listen yet.
            }
            Thread.sleep(500);
        }
        close();
        throw new AssertionError("Trino does not start; see " + directory.resolve("trino.log"));
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return json.readTree(http.send(
                        HttpRequest.newBuilder(
                                        URI.create(path.startsWith("http") ? path : "http://127.0.0.1:" + port + path))
                                .header("X-Trino-User", "test")
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    /** A query's rows, values joined by bars, sorted. */
    List<String> rows(String query) throws IOException, InterruptedException {
        JsonNode page = json.readTree(http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/statement"))
                                .header("X-Trino-User", "test")
                                .POST(HttpRequest.BodyPublishers.ofString(query))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        List<String> rows = new ArrayList<>();
        while (true) {
            if (page.has("error")) {
                throw new AssertionError("Trino cannot run " + query + ": "
                        + page.path("error").path("message").asText());
            }
            for (JsonNode row : page.path("data")) {
                rows.add(stream(row)
                        .map(value -> value.isNull() ? "null" : value.asText())
                        .collect(Collectors.joining("|")));
            }
            if (!page.has("nextUri")) {
                rows.sort(null);
                return rows;
            }
            page = get(page.path("nextUri").asText());
        }
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        List<JsonNode> values = new ArrayList<>();
        array.forEach(values::add);
        return values.stream();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, java.util.concurrent.TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

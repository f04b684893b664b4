package io.millrace.benchmarks.sink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** S3Proxy and the catalog's PostgreSQL, each a process as in the local stack. */
public final class LocalServers implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(10);
    private static final String BUCKET = "bench";
    private static final String KEY = "millrace";
    private static final String SECRET = "millrace-local";

    private final List<Process> processes = new ArrayList<>();
    private final int port;

    private LocalServers(int port) {
        this.port = port;
    }

    /** Starts both and returns when they answer. */
    public static LocalServers start(Path project, Path work, int port) throws Exception {
        LocalServers servers = new LocalServers(port);
        try {
            servers.server(
                    project.resolve("local-stack/s3"),
                    "io.millrace.local.s3.S3Server",
                    work,
                    List.of(
                            "--port",
                            Integer.toString(port),
                            "--data",
                            work.resolve("s3").toString(),
                            "--bucket",
                            BUCKET,
                            "--access-key",
                            KEY,
                            "--secret-key",
                            SECRET));
            servers.server(
                    project.resolve("local-stack/postgres"),
                    "io.millrace.local.postgres.PostgresServer",
                    work,
                    List.of(
                            "--port",
                            Integer.toString(port + 1),
                            "--data",
                            work.resolve("catalog").toString(),
                            "--binaries",
                            work.resolve("postgres").toString(),
                            "--superuser-password",
                            SECRET));
        } catch (Exception e) {
            servers.close();
            throw e;
        }
        return servers;
    }

    private void server(Path module, String main, Path work, List<String> arguments) throws Exception {
        String name = module.getFileName().toString();
        Path log = work.resolve("logs").resolve(name + ".log");
        Path ready = Files.createTempDirectory(work, name).resolve("ready");
        Process process =
                new Fork(Fork.classPathOf(module), main, "512m", work.resolve("scratch")).start(arguments, log, ready);
        processes.add(process);
        long deadline = System.nanoTime() + START.toNanos();
        while (!Files.exists(ready)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("Cannot start " + name + ": see " + log);
            }
            Thread.sleep(50);
        }
    }

    /** Iceberg's catalog properties, as the local stack has them. */
    public Map<String, String> catalog() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("type", "jdbc");
        properties.put("uri", "jdbc:postgresql://127.0.0.1:" + (port + 1) + "/postgres");
        properties.put("jdbc.user", "postgres");
        properties.put("jdbc.password", SECRET);
        properties.put("jdbc.schema-version", "V1");
        properties.put("warehouse", "s3://" + BUCKET + "/warehouse");
        properties.put("io-impl", "org.apache.iceberg.aws.s3.S3FileIO");
        properties.put("client.region", "eu-central-1");
        properties.put("s3.endpoint", "http://127.0.0.1:" + port);
        properties.put("s3.path-style-access", "true");
        properties.put("s3.access-key-id", KEY);
        properties.put("s3.secret-access-key", SECRET);
        return properties;
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}

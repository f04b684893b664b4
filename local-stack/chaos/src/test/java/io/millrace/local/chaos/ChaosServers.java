package io.millrace.local.chaos;

import io.millrace.local.process.LocalPort;
import io.millrace.local.process.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.jspecify.annotations.Nullable;

/** S3 and the catalog's database, each a process that can be killed, and the wires through which the job reaches them. */
final class ChaosServers implements AutoCloseable {
    static final String BUCKET = "lake";

    private static final String USER = "iceberg";
    private static final String PASSWORD = "chaos-iceberg";
    private static final Duration START = Duration.ofSeconds(60);

    private final Path root;
    private final Path directory;
    private final int postgresPort = FaultyProxy.freePort();
    private final int s3Port = FaultyProxy.freePort();
    private final FaultyProxy toPostgres = new FaultyProxy(postgresPort);
    private final FaultyProxy toS3 = new FaultyProxy(s3Port);
    private @Nullable ControlledProcess postgres;
    private @Nullable ControlledProcess s3;

    /**
     * Starts the servers.
     *
     * @param root the project
     * @param directory where they keep everything
     */
    ChaosServers(Path root, Path directory) throws IOException, InterruptedException {
        this.root = root;
        this.directory = directory;
        Files.createDirectories(directory.resolve("warehouse"));
        Files.writeString(
                directory.resolve("databases.properties"),
                "0.name=catalog\n0.user=" + USER + "\n0.password=" + PASSWORD + "\n");
        startPostgres();
        startS3();
    }

    /** What the sink, Spark and the check are told of the catalog. */
    static Map<String, String> catalogProperties(int postgresPort, int s3Port) {
        Map<String, String> properties = new HashMap<>();
        properties.put("type", "jdbc");
        // Without prepared statements, so that the wire can tell a commit.
        properties.put("uri", "jdbc:postgresql://127.0.0.1:" + postgresPort + "/catalog?prepareThreshold=0");
        properties.put("jdbc.user", USER);
        properties.put("jdbc.password", PASSWORD);
        properties.put("jdbc.schema-version", "V1");
        properties.put("jdbc.connectTimeout", "5");
        properties.put("jdbc.socketTimeout", "20");
        properties.put("warehouse", "s3://" + BUCKET + "/warehouse");
        properties.put("io-impl", "org.apache.iceberg.aws.s3.S3FileIO");
        properties.put("client.region", "us-east-1");
        properties.put("s3.endpoint", "http://127.0.0.1:" + s3Port);
        properties.put("s3.path-style-access", "true");
        properties.put("s3.access-key-id", "chaos");
        properties.put("s3.secret-access-key", "chaos-secret");
        return properties;
    }

    FaultyProxy toPostgres() {
        return toPostgres;
    }

    FaultyProxy toS3() {
        return toS3;
    }

    /** What others than the job use: no wire that is cut. */
    Map<String, String> directProperties() {
        return catalogProperties(postgresPort, s3Port);
    }

    /** The catalog for whoever changes tables beside the job. */
    Catalog catalogOfOthers() {
        return CatalogUtil.buildIcebergCatalog("chaos", directProperties(), null);
    }

    /** The catalog for the check: tables are read from the disk below S3, whatever happens to its process. */
    Catalog catalog() {
        Map<String, String> properties = new HashMap<>(directProperties());
        properties.put("io-impl", DiskBelowS3.class.getName());
        properties.put(DiskBelowS3.DIRECTORY, directory.resolve("warehouse").toString());
        return CatalogUtil.buildIcebergCatalog("chaos", properties, null);
    }

    void startPostgres() throws IOException, InterruptedException {
        postgres = start(
                "postgres",
                "io.millrace.local.postgres.PostgresServer",
                postgresPort,
                "--port",
                Integer.toString(postgresPort),
                "--data",
                directory.resolve("postgres").toString(),
                "--binaries",
                directory.resolve("postgres-programs").toString(),
                "--databases",
                directory.resolve("databases.properties").toString());
    }

    void startS3() throws IOException, InterruptedException {
        s3 = start(
                "s3",
                "io.millrace.local.s3.S3Server",
                s3Port,
                "--port",
                Integer.toString(s3Port),
                "--data",
                directory.resolve("warehouse").toString(),
                "--bucket",
                BUCKET,
                "--access-key",
                "chaos",
                "--secret-key",
                "chaos-secret");
    }

    /** SIGKILL to the database's own process; the one that watches it ends by itself. */
    void killPostgres() throws IOException, InterruptedException {
        long pid = Long.parseLong(Files.readAllLines(directory.resolve("postgres/postmaster.pid"))
                .get(0)
                .strip());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        if (postgres != null) {
            postgres.kill();
        }
    }

    void killS3() throws InterruptedException {
        if (s3 != null) {
            s3.kill();
        }
    }

    private ControlledProcess start(String module, String main, int port, String... arguments)
            throws IOException, InterruptedException {
        Path ready = directory.resolve(module + ".ready");
        for (long deadline = System.nanoTime() + START.toNanos(); System.nanoTime() < deadline; ) {
            Files.deleteIfExists(ready);
            ControlledProcess process = ControlledProcess.start(
                    directory.resolve(module + ".log"),
                    classpath(root, module),
                    List.of("-Xmx256m"),
                    main,
                    Map.of(ServerProcess.READY_FILE, ready.toString()),
                    arguments);
            while (process.isAlive() && System.nanoTime() < deadline) {
                if (Files.exists(ready) && LocalPort.answers(port)) {
                    return process;
                }
                Thread.sleep(20);
            }
            // What a killed server leaves behind may need a moment to go.
            process.kill();
            Thread.sleep(200);
        }
        throw new AssertionError("Cannot start " + module + "; see " + directory.resolve(module + ".log"));
    }

    static String classpath(Path root, String module) throws IOException {
        Path target = root.resolve("local-stack").resolve(module).resolve("target");
        return target.resolve("classes")
                + File.pathSeparator
                + Files.readString(target.resolve("classpath")).strip();
    }

    @Override
    public void close() {
        toPostgres.close();
        toS3.close();
        if (s3 != null) {
            s3.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }
}

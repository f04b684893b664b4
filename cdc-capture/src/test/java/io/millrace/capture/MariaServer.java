package io.millrace.capture;

import io.millrace.local.mariadb.Mariadbd;
import io.millrace.local.process.ChildServer;
import io.millrace.schemas.pipeline.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A MariaDB server as source. */
final class MariaServer implements TestDatabase, AutoCloseable {
    static final String USER = "root";
    static final String PASSWORD = "it's secret";

    /** Unpacked once; the programs are large. */
    private static final Path CACHE = Path.of("target", "mariadb");

    private final Mariadbd programs;
    private final Path data;
    private final int port;
    private ChildServer server;

    private MariaServer(Mariadbd programs, Path data, int port, ChildServer server) {
        this.programs = programs;
        this.data = data;
        this.port = port;
        this.server = server;
    }

    static MariaServer start(Path directory, String... settings) throws Exception {
        Mariadbd programs = Mariadbd.unpack(CACHE);
        Path data = directory.resolve("data").toAbsolutePath();
        programs.initialize(data, PASSWORD);
        int port = LocalKinesis.freePort();
        MariaServer maria = new MariaServer(programs, data, port, programs.start(data, port, settings));
        // A test run that is cut off leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                maria.server.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        maria.awaitAnswer();
        return maria;
    }

    private void awaitAnswer() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    connect("").close();
                    return true;
                });
    }

    /** Ends the server without a warning and starts it again at the same port. */
    void killAndRestart(String... settings) throws Exception {
        server.kill();
        server = programs.start(data, port, settings);
        awaitAnswer();
    }

    @Override
    public Database.Kind kind() {
        return Database.Kind.MARIADB;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String user() {
        return USER;
    }

    @Override
    public String password() {
        return PASSWORD;
    }

    @Override
    public void create(String database) throws SQLException {
        run("", "CREATE DATABASE " + database);
    }

    @Override
    public String schema(String database) {
        return database;
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}

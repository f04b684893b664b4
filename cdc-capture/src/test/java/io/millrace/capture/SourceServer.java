package io.millrace.capture;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL server as source. */
final class SourceServer implements TestDatabase, AutoCloseable {
    static final String USER = "postgres";
    static final String PASSWORD = "postgres";

    private final String walLevel;
    private final Path data;
    private EmbeddedPostgres server;

    private SourceServer(String walLevel, Path data, EmbeddedPostgres server) {
        this.walLevel = walLevel;
        this.data = data;
        this.server = server;
    }

    static SourceServer start(String walLevel) throws IOException {
        Path data = Files.createTempDirectory("millrace-postgres");
        return new SourceServer(walLevel, data, start(walLevel, data, 0));
    }

    private static EmbeddedPostgres start(String walLevel, Path data, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("wal_level", walLevel)
                .setServerConfig("max_replication_slots", "60")
                .setServerConfig("max_wal_senders", "60")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }

    /** Stops the server and starts it again at the same port. */
    void restart() throws IOException {
        int port = port();
        server.close();
        server = start(walLevel, data, port);
    }

    @Override
    public Database.Kind kind() {
        return Database.Kind.POSTGRESQL;
    }

    @Override
    public int port() {
        return server.getPort();
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
        run("postgres", "CREATE DATABASE " + database);
    }

    @Override
    public String schema(String database) {
        return "public";
    }

    static CaptureConfig config(
            int port,
            String database,
            String user,
            String password,
            Connections.Kinesis kinesis,
            TableRoute... tables) {
        return TestDatabase.config(Database.Kind.POSTGRESQL, port, database, user, password, kinesis, tables);
    }

    static TableRoute table(String database, String schema, String name, String... key) {
        return new TableRoute(new TableId(database, schema, name), Arrays.asList(key), null, null);
    }

    /** A table with a key {@code id}, and what its changes must be like. */
    static TableRoute table(String database, String schema, String name, Quality quality) {
        return new TableRoute(
                new TableId(database, schema, name), List.of("id"), Map.of(), null, null, Map.of(), quality);
    }

    @Override
    public void close() throws IOException {
        server.close();
        delete(data);
    }

    /** Deletes a directory with everything in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}

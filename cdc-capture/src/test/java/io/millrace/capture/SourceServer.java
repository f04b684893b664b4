package io.millrace.capture;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Secret;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL server as source. */
final class SourceServer implements AutoCloseable {
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

    int port() {
        return server.getPort();
    }

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/" + database, USER, PASSWORD);
    }

    void run(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The configuration of a capture whose pipeline, source and stream are all named as the database. */
    CaptureConfig config(String database, Connections.Kinesis kinesis, TableRoute... tables) {
        return config(database, USER, PASSWORD, kinesis, tables);
    }

    CaptureConfig config(
            String database, String user, String password, Connections.Kinesis kinesis, TableRoute... tables) {
        return config(port(), database, user, password, kinesis, tables);
    }

    static CaptureConfig config(
            int port,
            String database,
            String user,
            String password,
            Connections.Kinesis kinesis,
            TableRoute... tables) {
        Database source =
                new Database(Database.Kind.POSTGRESQL, "127.0.0.1", port, database, user, new Secret(password), null);
        return new CaptureConfig(
                database,
                new Source(
                        database,
                        Source.Format.DEBEZIUM_AVRO,
                        Source.Transport.KINESIS,
                        "stream-" + database,
                        3,
                        source),
                source,
                "127.0.0.1",
                port,
                Arrays.asList(tables),
                new Connections(
                        kinesis,
                        null,
                        new Connections.SchemaRegistry("us-east-1", null, "test"),
                        new Connections.Storage("us-east-1", null, "s3://test/" + database),
                        new Connections.Iceberg("test", Map.of()),
                        new Connections.OpenSearch(List.of(), null, null, 0)));
    }

    static TableRoute table(String database, String schema, String name, String... key) {
        return new TableRoute(new TableId(database, schema, name), Arrays.asList(key), null, null);
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

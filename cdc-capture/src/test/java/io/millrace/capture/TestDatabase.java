package io.millrace.capture;

import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.Secret;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A database server as source, of either product. */
interface TestDatabase {
    Database.Kind kind();

    int port();

    String user();

    String password();

    void create(String database) throws SQLException;

    /** The first part of the names of tables in a database. */
    String schema(String database);

    default Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(kind().jdbcUrl("127.0.0.1", port(), database), user(), password());
    }

    default void run(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The configuration of a capture whose pipeline, source and stream are all named as the database. */
    default CaptureConfig config(String database, Connections.Kinesis kinesis, TableRoute... tables) {
        return config(database, user(), password(), kinesis, tables);
    }

    default CaptureConfig config(
            String database, String user, String password, Connections.Kinesis kinesis, TableRoute... tables) {
        return config(kind(), port(), database, user, password, kinesis, tables);
    }

    static CaptureConfig config(
            Database.Kind kind,
            int port,
            String database,
            String user,
            String password,
            Connections.Kinesis kinesis,
            TableRoute... tables) {
        Database source = new Database(kind, "127.0.0.1", port, database, user, new Secret(password), null);
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
}

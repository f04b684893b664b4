package io.millrace.schemas.golden;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** A PostgreSQL server. */
record PostgresDatabase(EmbeddedPostgres server) implements GoldenDatabase {

    static PostgresDatabase start() throws IOException {
        return new PostgresDatabase(EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .start());
    }

    @Override
    public Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "connector.class", "io.debezium.connector.postgresql.PostgresConnector",
                "database.hostname", "127.0.0.1",
                "database.port", Integer.toString(server.getPort()),
                "database.user", "postgres",
                "database.password", "postgres",
                "database.dbname", "postgres",
                "plugin.name", "pgoutput",
                "interval.handling.mode", "string",
                "hstore.handling.mode", "json");
    }

    @Override
    public String snapshotScript() {
        return "snapshot.sql";
    }

    @Override
    public String streamingScript() {
        return "streaming.sql";
    }

    @Override
    public String lastOperation() {
        return "t";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

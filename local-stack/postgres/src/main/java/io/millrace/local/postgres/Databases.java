package io.millrace.local.postgres;

import io.millrace.local.process.CannotStart;
import io.millrace.local.process.LocalDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Creates users and databases that do not exist yet. A database counts as created when its script has run to the end:
 * one that a crash left half done is dropped and made anew.
 */
final class Databases {

    private final int port;
    private final String superuser;
    private final String password;

    Databases(int port, String superuser, String password) {
        this.port = port;
        this.superuser = superuser;
        this.password = password;
    }

    /** A connection of the superuser to the server's own database. */
    Connection connect() throws SQLException {
        return connect("postgres", superuser, password);
    }

    void ensure(Iterable<LocalDatabase> databases) throws SQLException, CannotStart {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS millrace_database (name text PRIMARY KEY, done boolean)");
            for (LocalDatabase database : databases) {
                ensureUser(connection, database);
                ensure(connection, database);
            }
        }
    }

    private void ensure(Connection connection, LocalDatabase database) throws SQLException, CannotStart {
        @Nullable Boolean done = isDone(connection, database.name());
        if (done == null && exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", database.name())) {
            return;
        }
        if (Boolean.TRUE.equals(done)) {
            return;
        }
        String name = quoted(connection, database.name());
        try (Statement statement = connection.createStatement()) {
            mark(connection, database.name(), false);
            statement.execute("DROP DATABASE IF EXISTS " + name);
            statement.execute("CREATE DATABASE " + name + " OWNER " + quoted(connection, database.user()));
            if (database.init() != null) {
                run(database, database.init());
            }
            mark(connection, database.name(), true);
        }
    }

    private void run(LocalDatabase database, Path script) throws CannotStart, SQLException {
        String sql;
        try {
            sql = Files.readString(script);
        } catch (IOException e) {
            throw new CannotStart("Cannot read the init script of database " + database.name() + ": " + script, e);
        }
        try (Connection owner = connect(database.name(), database.user(), database.password());
                Statement statement = owner.createStatement()) {
            // In one piece: the server splits it, and takes all of it or nothing.
            statement.execute(sql);
        } catch (SQLException e) {
            throw new CannotStart(
                    "Cannot run the init script of database %s: %s: %s"
                            .formatted(database.name(), script.getFileName(), reason(e, sql)),
                    e);
        }
    }

    /** The server's message with the line that it means. */
    private static String reason(SQLException e, String sql) {
        ServerErrorMessage server = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        if (server == null) {
            return String.valueOf(e.getMessage());
        }
        int position = server.getPosition();
        if (position <= 0 || position > sql.length()) {
            return String.valueOf(server.getMessage());
        }
        long line = 1
                + sql.substring(0, position - 1).chars().filter(c -> c == '\n').count();
        return "line %d: %s".formatted(line, server.getMessage());
    }

    private static void ensureUser(Connection connection, LocalDatabase database) throws SQLException {
        if (exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", database.user())) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE %s LOGIN REPLICATION PASSWORD '%s'"
                    .formatted(
                            quoted(connection, database.user()),
                            database.password().replace("'", "''")));
        }
    }

    private static @Nullable Boolean isDone(Connection connection, String database) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT done FROM millrace_database WHERE name = ?")) {
            query.setString(1, database);
            try (ResultSet result = query.executeQuery()) {
                return result.next() ? result.getBoolean(1) : null;
            }
        }
    }

    private static void mark(Connection connection, String database, boolean done) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "INSERT INTO millrace_database VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET done = excluded.done")) {
            update.setString(1, database);
            update.setBoolean(2, done);
            update.executeUpdate();
        }
    }

    private static boolean exists(Connection connection, String query, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, value);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }

    private static String quoted(Connection connection, String identifier) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.enquoteIdentifier(identifier, true);
        }
    }

    private Connection connect(String database, String user, String secret) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", secret);
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("ApplicationName", "millrace-local-postgres");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%s/%s".formatted(port, database), properties);
    }
}

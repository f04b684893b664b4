package io.millrace.local.mariadb;

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

/**
 * Creates users and databases that do not exist yet. A database counts as created when its script has run to the end: one
 * that a crash or an error left half done is dropped and made anew.
 */
final class Databases {
    /** What a user needs beyond its own databases to be captured from. */
    private static final String REPLICATION = "RELOAD, REPLICATION SLAVE, BINLOG MONITOR, REPLICA MONITOR";

    private final int port;
    private final String password;

    /** The databases of a server on 127.0.0.1; {@code password} is the superuser's. */
    Databases(int port, String password) {
        this.port = port;
        this.password = password;
    }

    /** A connection of the superuser. */
    Connection connect() throws SQLException {
        return connect("", Mariadbd.SUPERUSER, password);
    }

    void ensure(Iterable<LocalDatabase> databases) throws SQLException, CannotStart {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // Our own books are no part of what is captured.
            statement.execute("SET SESSION sql_log_bin = 0");
            statement.execute("CREATE DATABASE IF NOT EXISTS millrace");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS millrace.local_database (name varchar(64) PRIMARY KEY, done bool)");
            statement.execute("SET SESSION sql_log_bin = 1");
            for (LocalDatabase database : databases) {
                ensureUser(connection, database);
                ensure(connection, database);
            }
        }
    }

    private void ensure(Connection connection, LocalDatabase database) throws SQLException, CannotStart {
        @Nullable Boolean done = isDone(connection, database.name());
        if (Boolean.TRUE.equals(done) || (done == null && exists(connection, database.name()))) {
            return;
        }
        String name = quoted(database.name());
        try (Statement statement = connection.createStatement()) {
            mark(connection, database.name(), false);
            statement.execute("DROP DATABASE IF EXISTS " + name);
            statement.execute("CREATE DATABASE " + name);
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
            // The server splits the script, and stops at the first statement that fails.
            statement.execute(sql);
            while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
                // The next result is that of the next statement, or its failure.
            }
        } catch (SQLException e) {
            throw new CannotStart(
                    "Cannot run the init script of database %s: %s: %s"
                            .formatted(database.name(), script.getFileName(), reason(e)),
                    e);
        }
    }

    /** The server's message, without the connection's number that the driver puts before it. */
    private static String reason(SQLException e) {
        return String.valueOf(e.getMessage())
                .replaceFirst("^\\(conn=\\d+\\) ", "")
                .replaceAll("\\s+", " ");
    }

    private static void ensureUser(Connection connection, LocalDatabase database) throws SQLException {
        String user = "'" + escaped(database.user()) + "'@'%'";
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE USER IF NOT EXISTS " + user + " IDENTIFIED BY '" + escaped(database.password()) + "'");
            statement.execute("GRANT " + REPLICATION + " ON *.* TO " + user);
            // Underscore and percent are patterns in a grant.
            statement.execute("GRANT ALL PRIVILEGES ON "
                    + quoted(database.name().replaceAll("([_%])", "\\\\$1")) + ".* TO " + user);
        }
    }

    private static @Nullable Boolean isDone(Connection connection, String database) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT done FROM millrace.local_database WHERE name = ?")) {
            query.setString(1, database);
            try (ResultSet result = query.executeQuery()) {
                return result.next() ? result.getBoolean(1) : null;
            }
        }
    }

    private static void mark(Connection connection, String database, boolean done) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("REPLACE INTO millrace.local_database VALUES (?, ?)")) {
            update.setString(1, database);
            update.setBoolean(2, done);
            update.executeUpdate();
        }
    }

    private static boolean exists(Connection connection, String database) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT 1 FROM information_schema.SCHEMATA WHERE schema_name = ?")) {
            query.setString(1, database);
            try (ResultSet result = query.executeQuery()) {
                return result.next();
            }
        }
    }

    private static String quoted(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    /** A text between quotes in SQL. */
    static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("'", "''");
    }

    private Connection connect(String database, String user, String secret) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", secret);
        properties.setProperty("allowMultiQueries", "true");
        return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:%s/%s".formatted(port, database), properties);
    }
}

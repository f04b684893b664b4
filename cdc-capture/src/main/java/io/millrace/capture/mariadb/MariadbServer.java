package io.millrace.capture.mariadb;

import io.millrace.capture.CaptureConfig;
import io.millrace.capture.ConfigurationException;
import io.millrace.schemas.event.TableId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** Connections to the source's server, with clear words for why there is none. */
final class MariadbServer {
    private static final int ACCESS_DENIED = 1045;
    private static final int DATABASE_DENIED = 1044;
    private static final int UNKNOWN_DATABASE = 1049;

    private final CaptureConfig config;

    MariadbServer(CaptureConfig config) {
        this.config = config;
    }

    /**
     * The facts as they are now.
     *
     * @throws ConfigurationException if the server cannot be asked
     */
    MariadbFacts inspect() {
        try {
            return look();
        } catch (SQLException e) {
            throw new ConfigurationException(List.of(explain(e)));
        }
    }

    /** The same of a server that may be on its way up. */
    MariadbFacts inspectWhenThere(long patienceMillis) throws InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        while (true) {
            try {
                return look();
            } catch (SQLException e) {
                if (!isAway(e) || System.nanoTime() > giveUp) {
                    throw new ConfigurationException(List.of(explain(e)));
                }
                TimeUnit.MILLISECONDS.sleep(500);
            }
        }
    }

    private MariadbFacts look() throws SQLException {
        try (Connection connection = connect()) {
            MariadbInspection inspection = new MariadbInspection(connection);
            List<TableId> tables = new ArrayList<>(config.tableIds());
            for (TableId match : inspection.matching(config.source().name(), config.tables())) {
                if (!tables.contains(match)) {
                    tables.add(match);
                }
            }
            return inspection.inspect(tables);
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", config.database().user());
        properties.setProperty("password", config.database().password().reveal());
        properties.setProperty("connectTimeout", "10000");
        properties.setProperty("socketTimeout", "60000");
        return DriverManager.getConnection(
                config.database()
                        .kind()
                        .jdbcUrl(config.host(), config.port(), config.database().name()),
                properties);
    }

    private static boolean isAway(SQLException e) {
        return String.valueOf(e.getSQLState()).startsWith("08");
    }

    private String explain(SQLException e) {
        String database = config.database().name();
        String source = config.source().name();
        return switch (e.getErrorCode()) {
            case ACCESS_DENIED ->
                "Cannot log in to database " + database + " as user: "
                        + config.database().user() + ". Check user and password of source " + source
                        + " in the pipeline file";
            case DATABASE_DENIED, UNKNOWN_DATABASE ->
                "Cannot find database: " + database + " on " + config.host() + ":" + config.port()
                        + ". Create it, grant user " + config.database().user()
                        + " SELECT on it, or correct database.name of source " + source + " in the pipeline file";
            default ->
                isAway(e)
                        ? "Cannot reach database server: " + config.host() + ":" + config.port()
                                + ". Check that it runs and takes connections from here (" + firstLine(e) + ")"
                        : "Cannot read from database: " + database + ". " + firstLine(e);
        };
    }

    private static String firstLine(SQLException e) {
        Throwable teller = e.getCause() instanceof IOException cause ? cause : e;
        return String.valueOf(teller.getMessage()).lines().findFirst().orElse("");
    }
}

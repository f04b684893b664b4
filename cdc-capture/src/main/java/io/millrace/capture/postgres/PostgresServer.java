package io.millrace.capture.postgres;

import io.millrace.capture.CaptureConfig;
import io.millrace.capture.ConfigurationException;
import io.millrace.schemas.event.TableId;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/** Connections to the source database, with clear words for why there is none. */
public final class PostgresServer {
    private final CaptureConfig config;

    public PostgresServer(CaptureConfig config) {
        this.config = config;
    }

    /**
     * The facts as they are now.
     *
     * @throws ConfigurationException if the database cannot be asked
     */
    public SourceFacts inspect() {
        try (Connection connection = connect()) {
            List<TableId> tables = new ArrayList<>(config.tableIds());
            for (TableId match :
                    SourceInspection.matching(connection, config.source().name(), config.tables())) {
                if (!tables.contains(match)) {
                    tables.add(match);
                }
            }
            return SourceInspection.inspect(connection, config.source().name(), tables, config.slotName());
        } catch (SQLException e) {
            throw new ConfigurationException(List.of(explain(e)));
        }
    }

    /**
     * Makes the capture's publication, or fits it to the tables that there are.
     *
     * @throws ConfigurationException if the user may not
     */
    public void fitPublication(SourceFacts facts) {
        String name = config.slotName();
        Set<TableId> tables =
                SourceRules.published(facts, config.routesOf(facts.tables().keySet()));
        try (Connection connection = connect()) {
            Publications.fit(connection, config.source().name(), name, tables);
        } catch (SQLException e) {
            throw new ConfigurationException(
                    List.of("Cannot create publication: " + name + ", or change it. " + e.getMessage()));
        }
    }

    /** Drops the capture's slot; there must be one, and nobody may be reading it. */
    public void dropSlot() {
        try (Connection connection = connect();
                PreparedStatement drop = connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
            drop.setString(1, config.slotName());
            drop.execute();
        } catch (SQLException e) {
            throw new ConfigurationException(
                    List.of("Cannot drop replication slot: " + config.slotName() + ". " + e.getMessage()));
        }
    }

    /** A connection, which the caller closes. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", config.database().user());
        properties.setProperty("password", config.database().password().reveal());
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "60");
        properties.setProperty("ApplicationName", "millrace-capture");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + config.host() + ":" + config.port() + "/"
                        + URLEncoder.encode(config.database().name(), StandardCharsets.UTF_8),
                properties);
    }

    private String explain(SQLException e) {
        String database = config.database().name();
        String user = config.database().user();
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "28P01", "28000" ->
                "Cannot log in to database " + database + " as user: " + user + ". Check user and password of source "
                        + config.source().name() + " in the pipeline file";
            case "3D000" ->
                "Cannot find database: " + database + " on " + config.host() + ":" + config.port()
                        + ". Create it, or correct database.name of source "
                        + config.source().name() + " in the pipeline file";
            case "08001", "08004", "08006", "57P03" ->
                "Cannot reach database server: " + config.host() + ":" + config.port()
                        + ". Check that it runs and takes connections from here (" + firstLine(e) + ")";
            default -> "Cannot read from database: " + database + ". " + firstLine(e);
        };
    }

    /** The driver's words, or the network's where the driver only repeats the address. */
    private static String firstLine(SQLException e) {
        Throwable teller = e.getCause() instanceof IOException cause ? cause : e;
        return String.valueOf(teller.getMessage()).lines().findFirst().orElse("");
    }
}

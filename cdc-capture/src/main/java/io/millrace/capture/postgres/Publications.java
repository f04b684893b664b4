package io.millrace.capture.postgres;

import io.millrace.capture.postgres.SourceFacts.Publication;
import io.millrace.schemas.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The publication that says which tables' changes a replication slot gives, and under which names: those of partitioned
 * tables, not of their partitions.
 *
 * <p>It is made and changed here, on an ordinary connection, and never by Debezium. Debezium would ask for its tables on the
 * connection that it is about to read changes on. The server looks up the tables' layout for the answer, keeps it, and then
 * reads changes by it that were written before a table was rewritten to that layout: their columns come out as garbage.
 */
final class Publications {
    private static final String FIND = """
            SELECT pg_has_role(pubowner, 'MEMBER'), puballtables, pubviaroot FROM pg_publication WHERE pubname = ?
            """;
    private static final String TABLES = "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = ?";

    /** The release of the server that can tell of generated columns that are stored. */
    private static final int PUBLISHES_GENERATED = 18;

    private Publications() {}

    /** The publication of this name; null if there is none. */
    static @Nullable Publication find(Connection connection, String source, String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(FIND)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? new Publication(
                                row.getBoolean(1),
                                row.getBoolean(2),
                                row.getBoolean(3),
                                tables(connection, source, name))
                        : null;
            }
        }
    }

    private static Set<TableId> tables(Connection connection, String source, String name) throws SQLException {
        Set<TableId> tables = new HashSet<>();
        try (PreparedStatement query = connection.prepareStatement(TABLES)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    tables.add(new TableId(source, row.getString(1), row.getString(2)));
                }
            }
        }
        return tables;
    }

    /** Makes a publication, or changes it, so that it has these tables and no others; one of all tables has no others. */
    static void fit(Connection connection, String source, String name, Set<TableId> tables) throws SQLException {
        Publication publication = find(connection, source, name);
        if (publication != null && !publication.viaRoot()) {
            execute(connection, alter(name) + "SET (publish_via_partition_root = true)");
            publication = find(connection, source, name);
        }
        if (publication == null) {
            create(connection, name, tables);
            return;
        }
        for (TableId table : tables) {
            if (!publication.has(table)) {
                add(connection, name, table);
            }
        }
        withdraw(connection, name, publication, tables);
    }

    /**
     * Takes all tables but these out of a publication, if it is the user's: of a table in it that has lost its primary key, the
     * server refuses updates. One that tells of partitions lists these in the place of their tables, and stays as it is.
     */
    static void withdraw(Connection connection, String name, Publication publication, Set<TableId> kept)
            throws SQLException {
        if (publication.allTables() || !publication.owned() || !publication.viaRoot()) {
            return;
        }
        for (TableId table : publication.tables()) {
            if (!kept.contains(table)) {
                execute(connection, alter(name) + "DROP TABLE " + quoted(table));
            }
        }
    }

    /** Adds a table to a publication; both must be the user's. */
    static void add(Connection connection, String name, TableId table) throws SQLException {
        execute(connection, alter(name) + "ADD TABLE ONLY " + quoted(table));
    }

    private static void create(Connection connection, String name, Set<TableId> tables) throws SQLException {
        execute(
                connection,
                "CREATE PUBLICATION " + quoted(name)
                        + (tables.isEmpty()
                                ? ""
                                : tables.stream()
                                        .map(table -> "ONLY " + quoted(table))
                                        .collect(Collectors.joining(", ", " FOR TABLE ", "")))
                        + " WITH (publish_via_partition_root = true"
                        + (connection.getMetaData().getDatabaseMajorVersion() >= PUBLISHES_GENERATED
                                ? ", publish_generated_columns = stored)"
                                : ")"));
    }

    private static String alter(String name) {
        return "ALTER PUBLICATION " + quoted(name) + " ";
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            prepared.execute();
        }
    }

    static String quoted(TableId table) {
        return quoted(table.schema()) + "." + quoted(table.name());
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}

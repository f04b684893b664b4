package io.millrace.local.demo;

import io.millrace.local.stack.Endpoints;
import io.millrace.schemas.pipeline.Pipeline;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is in a table of the source at a moment.
 *
 * @param rows how many rows
 * @param newest the greatest {@code updated_at}; long ago in an empty table
 */
record SourceState(long rows, Instant newest) {

    /** Looks at all tables of a pipeline, by their qualified names. */
    static Map<String, SourceState> read(Pipeline pipeline, Map<String, Endpoints.Jdbc> databases) throws SQLException {
        Map<String, SourceState> states = new LinkedHashMap<>();
        for (Map.Entry<String, Endpoints.Jdbc> database : databases.entrySet()) {
            List<String> tables = pipeline.tablesOf(database.getKey()).stream()
                    .map(route -> route.table().qualifiedName())
                    .toList();
            states.putAll(read(database.getValue(), tables));
        }
        return states;
    }

    private static Map<String, SourceState> read(Endpoints.Jdbc database, List<String> tables) throws SQLException {
        Map<String, SourceState> states = new LinkedHashMap<>();
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            for (String table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT count(*), max(updated_at) FROM " + table)) {
                    row.next();
                    OffsetDateTime newest = row.getObject(2, OffsetDateTime.class);
                    states.put(
                            table, new SourceState(row.getLong(1), newest == null ? Instant.MIN : newest.toInstant()));
                }
            }
        }
        return states;
    }
}

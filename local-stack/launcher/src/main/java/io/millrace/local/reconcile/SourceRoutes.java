package io.millrace.local.reconcile;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables that a route stands for, as the database has them now, with their keys. */
final class SourceRoutes {
    /** Key columns in the order of the columns, as rows are known by them in that order. */
    private static final String KEYED_TABLES = """
            SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ? GROUP BY c.relname ORDER BY c.relname
            """;

    private SourceRoutes() {}

    /**
     * The routes of single tables, each with its key.
     *
     * @param all all routes of the pipeline: a table that another route names is that one's
     */
    static List<TableRoute> of(Database database, TableRoute route, TableRoutes all) {
        if (!route.isPattern() && !route.key().isEmpty()) {
            return List.of(route);
        }
        List<TableRoute> routes = new ArrayList<>();
        SourceRows.primaryKeys(database, route.table().schema()).forEach((name, key) -> {
            TableId table = new TableId(route.table().source(), route.table().schema(), name);
            TableRoute own = all.find(table);
            if (own != null
                    && (route.isPattern() ? route.matches(table) && own.equals(route.of(table)) : own == route)) {
                routes.add(own.key().isEmpty() ? own.withKey(key) : own);
            }
        });
        return routes;
    }

    /** The tables of a PostgreSQL schema that have a primary key. */
    static Map<String, List<String>> keys(Database database, String schema) {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        try (Connection connection = SourceTable.connect(database);
                PreparedStatement select = connection.prepareStatement(KEYED_TABLES)) {
            select.setString(1, schema);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    keys.put(row.getString(1), Arrays.asList((String[])
                            row.getArray(2).getArray()));
                }
            }
        } catch (SQLException e) {
            throw SourceTable.failure(database, e);
        }
        return keys;
    }
}

package io.millrace.local.reconcile;

import io.millrace.schemas.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A column of a PostgreSQL table.
 *
 * @param name its name
 * @param type its type
 * @param declared the database's own name of the type, to cast keys to
 * @param nullable whether it may be null
 */
record PostgresColumn(String name, PostgresType type, String declared, boolean nullable) {
    /**
     * Domains may be made from domains; the outermost that has a modifier says it. Generated columns are there if a publication
     * tells of them.
     */
    private static final String COLUMNS = """
            WITH RECURSIVE types AS (
              SELECT a.attnum, a.attname, a.attnotnull, format_type(a.atttypid, a.atttypmod) AS declared,
                     a.atttypid AS type, a.atttypmod AS modifier
              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
              AND (a.attgenerated = '' OR EXISTS (
                SELECT 1 FROM pg_publication_tables t WHERE t.schemaname = n.nspname AND t.tablename = c.relname
                AND jsonb_exists(to_jsonb(t) -> 'attnames', a.attname::text)))
              UNION ALL
              SELECT types.attnum, types.attname, types.attnotnull, types.declared, t.typbasetype,
                     CASE WHEN types.modifier >= 0 THEN types.modifier ELSE t.typtypmod END
              FROM types JOIN pg_type t ON t.oid = types.type WHERE t.typtype = 'd')
            SELECT types.attname, coalesce(element.typname, t.typname), coalesce(element.typtype, t.typtype),
                   types.modifier, element.oid IS NOT NULL, types.declared, NOT types.attnotnull
            FROM types JOIN pg_type t ON t.oid = types.type AND t.typtype <> 'd'
            LEFT JOIN pg_type element ON element.typarray = t.oid
            ORDER BY types.attnum""";

    /** What has no arrays in Debezium: the capture makes arrays of texts of them. */
    private static final Set<String> TEXTS_IN_ARRAYS =
            Set.of("bit", "money", "name", "point", "refcursor", "varbit", "xml");

    /** The columns of a table in its order; none if there is no such table. */
    static List<PostgresColumn> of(Connection connection, TableId table) throws SQLException {
        List<PostgresColumn> columns = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS)) {
            select.setString(1, table.schema());
            select.setString(2, table.name());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    PostgresType type =
                            new PostgresType(row.getString(2), row.getString(3), row.getInt(4), row.getBoolean(5));
                    boolean texts = type.isArray() && TEXTS_IN_ARRAYS.contains(type.name());
                    columns.add(new PostgresColumn(
                            row.getString(1), texts ? PostgresType.TEXTS : type, row.getString(6), row.getBoolean(7)));
                }
            }
        }
        return columns;
    }

    /** What asks the server for the value. */
    String expression() {
        // Money has the text of a currency.
        String cast = type.name().equals("money") ? "::numeric" : type.equals(PostgresType.TEXTS) ? "::text[]" : "";
        return quoted(name) + cast;
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}

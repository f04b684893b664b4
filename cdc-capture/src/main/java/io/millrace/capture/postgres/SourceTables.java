package io.millrace.capture.postgres;

import io.millrace.capture.offset.TableShape;
import io.millrace.schemas.event.TableId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks PostgreSQL's catalog for tables and their shapes. */
final class SourceTables {
    /**
     * The values of rows from before a column come from its default, stored or computed, its identity, or its domain. The key's
     * number is its constraint's, as its index gets another one by REINDEX CONCURRENTLY. Of a column's entry all is compared that
     * its table's owner can set, in words that every release of the server has; a default has an entry of its own. The query is
     * asked every few seconds: what is of a table is looked up once for it ({@code OFFSET 0}), not for each of its columns.
     */
    private static final String SHAPES = """
            SELECT c.nspname, c.relname, c.oid::bigint, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
                   a.atthasdef OR a.atthasmissing OR a.attidentity <> '' OR t.typdefault IS NOT NULL,
                   c.key, c.key_oid::bigint,
                   md5(row(a.attnotnull, a.atthasdef, a.atthasmissing, a.attidentity, a.attstattarget, a.attstorage,
                           a.attcollation, a.attislocal, a.attinhcount, a.attacl, a.attoptions, a.attfdwoptions,
                           CASE WHEN a.atthasdef THEN (SELECT d.oid FROM pg_attrdef d
                                                       WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END)::text),
                   a.xmin::text::bigint
            FROM (SELECT n.nspname, c.relname, c.oid,
                         array(SELECT k.attname::text FROM pg_index i
                               JOIN unnest(i.indkey::int2[]) WITH ORDINALITY p(num, place) ON p.place <= i.indnkeyatts
                               JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = p.num
                               WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY p.place) AS key,
                         (SELECT p.oid FROM pg_constraint p WHERE p.conrelid = c.oid AND p.contype = 'p') AS key_oid
                  FROM pg_class c
                  JOIN pg_namespace n ON n.oid = c.relnamespace
                  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY (?)
                  OFFSET 0) c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type t ON t.oid = a.atttypid
            ORDER BY c.oid, a.attnum
            """;

    private SourceTables() {}

    /** The shapes of all tables of some database schemas. */
    static Map<TableId, TableShape> shapes(Connection connection, String source, Collection<String> schemas)
            throws SQLException {
        Map<TableId, List<TableShape.Column>> columns = new LinkedHashMap<>();
        Map<TableId, TableShape> shapes = new LinkedHashMap<>();
        try (PreparedStatement query = connection.prepareStatement(SHAPES)) {
            query.setArray(1, connection.createArrayOf("text", schemas.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    TableId table = new TableId(source, row.getString(1), row.getString(2));
                    List<TableShape.Column> known = columns.computeIfAbsent(table, t -> new ArrayList<>());
                    known.add(new TableShape.Column(
                            row.getInt(4),
                            row.getString(5),
                            row.getString(6),
                            row.getBoolean(7),
                            row.getString(10),
                            row.getLong(11)));
                    shapes.put(
                            table,
                            new TableShape(row.getLong(3), known, texts(row.getArray(8)), row.getLong(9), Set.of()));
                }
            }
        }
        return shapes;
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }
}

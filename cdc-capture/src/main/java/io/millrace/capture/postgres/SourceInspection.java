package io.millrace.capture.postgres;

import io.millrace.capture.postgres.SourceFacts.Slot;
import io.millrace.capture.postgres.SourceFacts.Table;
import io.millrace.capture.preflight.ColumnChecks.Kind;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Asks a PostgreSQL server for the facts. */
public final class SourceInspection {
    private static final String SERVER = """
            SELECT current_user, current_setting('wal_level'),
                   EXISTS (SELECT 1 FROM pg_roles r WHERE (r.rolreplication OR r.rolsuper
                           OR r.rolname = 'rds_replication') AND pg_has_role(current_user, r.oid, 'MEMBER')
                           AND (r.rolname = current_user OR r.rolname = 'rds_replication')),
                   has_database_privilege(current_database(), 'CREATE'),
                   current_setting('max_replication_slots')::int,
                   (SELECT count(*)::int FROM pg_replication_slots)
            """;
    private static final String SLOT = """
            SELECT coalesce(active_pid, 0), confirmed_flush_lsn::text, coalesce(wal_status, '') = 'lost'
            FROM pg_replication_slots WHERE slot_name = ?
            """;
    private static final String TABLE = """
            SELECT c.oid, c.relkind IN ('r', 'p'), pg_has_role(c.relowner, 'MEMBER'),
                   has_table_privilege(c.oid, 'SELECT'), c.relreplident::text, c.relkind = 'p',
                   c.relkind = 'r' AND EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = c.oid)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            """;
    /** A numeric whose digits do not fit a decimal, or are not limited, is a text to all that follows. */
    private static final String COLUMNS = """
            SELECT a.attname, a.attnotnull,
                   CASE WHEN t.typcategory = 'A' THEN 'ARRAY'
                        WHEN t.oid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) THEN 'MOMENT'
                        WHEN t.oid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'oid'::regtype,
                                       'float4'::regtype, 'float8'::regtype) THEN 'NUMBER'
                        WHEN t.oid = 'numeric'::regtype AND t.typmod >= 4
                             AND ((t.typmod - 4) >> 16) & 65535 <= 38
                             AND (t.typmod - 4) & 2047 <= ((t.typmod - 4) >> 16) & 65535 THEN 'NUMBER'
                        ELSE 'OTHER' END,
                   a.attgenerated = 'v' OR a.attgenerated = 's' AND NOT EXISTS (
                     SELECT 1 FROM pg_publication p WHERE p.pubname = ? AND to_jsonb(p) ->> 'pubgencols' = 's')
            FROM pg_attribute a CROSS JOIN LATERAL (
                WITH RECURSIVE domains(oid, typmod) AS (
                    SELECT a.atttypid, a.atttypmod
                    UNION ALL
                    SELECT d.typbasetype, d.typtypmod FROM domains JOIN pg_type d ON d.oid = domains.oid
                    WHERE d.typtype = 'd')
                SELECT b.oid, domains.typmod, b.typcategory FROM domains JOIN pg_type b ON b.oid = domains.oid
                WHERE b.typtype <> 'd') t
            WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """;

    private static final String UNIQUE_KEYS = """
            SELECT i.indisprimary, i.indisreplident,
                   array(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(num, place)
                         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num
                         WHERE k.place <= i.indnkeyatts ORDER BY k.place)
            FROM pg_index i
            WHERE i.indrelid = ? AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
            """;

    /** A table without a primary key cannot be in a publication: the server would refuse its updates from then on. */
    private static final String KEYED_TABLES = """
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY (?)
            AND EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
            ORDER BY c.relname
            """;

    private final Connection connection;
    /** The name of the capture's slot and publication. */
    private final String slotName;

    private SourceInspection(Connection connection, String slotName) {
        this.connection = connection;
        this.slotName = slotName;
    }

    /** The tables that match the patterns among some routes. */
    static List<TableId> matching(Connection connection, String source, List<TableRoute> routes) throws SQLException {
        List<TableRoute> patterns =
                routes.stream().filter(TableRoute::isPattern).toList();
        List<TableId> tables = new ArrayList<>();
        if (patterns.isEmpty()) {
            return tables;
        }
        try (PreparedStatement query = connection.prepareStatement(KEYED_TABLES)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            patterns.stream()
                                    .map(route -> route.table().schema())
                                    .toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    TableId table = new TableId(source, row.getString(1), row.getString(2));
                    if (patterns.stream().anyMatch(route -> route.matches(table))) {
                        tables.add(table);
                    }
                }
            }
        }
        return tables;
    }

    /** The facts that matter to a capture of these tables. */
    static SourceFacts inspect(Connection connection, String source, List<TableId> tables, String slotName)
            throws SQLException {
        SourceInspection inspection = new SourceInspection(connection, slotName);
        Map<TableId, Table> found = new HashMap<>();
        for (TableId id : tables) {
            Table table = inspection.table(id);
            if (table != null) {
                found.put(id, table);
            }
        }
        try (PreparedStatement query = connection.prepareStatement(SERVER);
                ResultSet row = query.executeQuery()) {
            row.next();
            return new SourceFacts(
                    row.getString(1),
                    row.getString(2),
                    row.getBoolean(3),
                    row.getBoolean(4),
                    row.getInt(5),
                    row.getInt(6),
                    inspection.slot(),
                    Publications.find(connection, source, slotName),
                    found);
        }
    }

    private @Nullable Slot slot() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SLOT)) {
            query.setString(1, slotName);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                String lsn = row.getString(2);
                return new Slot(
                        row.getInt(1),
                        lsn == null ? 0 : LogSequenceNumber.valueOf(lsn).asLong(),
                        row.getBoolean(3));
            }
        }
    }

    private @Nullable Table table(TableId id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TABLE)) {
            query.setString(1, id.schema());
            query.setString(2, id.name());
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? table(row) : null;
            }
        }
    }

    private Table table(ResultSet row) throws SQLException {
        long oid = row.getLong(1);
        String identityKind = row.getString(5);
        Map<String, Boolean> columns = new LinkedHashMap<>();
        Map<String, Kind> kinds = new HashMap<>();
        Set<String> untold = new HashSet<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setString(1, slotName);
            query.setLong(2, oid);
            try (ResultSet column = query.executeQuery()) {
                while (column.next()) {
                    String name = column.getString(1);
                    columns.put(name, column.getBoolean(2));
                    kinds.put(name, Kind.valueOf(column.getString(3)));
                    if (column.getBoolean(4)) {
                        untold.add(name);
                    }
                }
            }
        }
        List<String> primaryKey = List.of();
        List<Set<String>> uniqueKeys = new ArrayList<>();
        Set<String> identity = new HashSet<>(identityKind.equals("f") ? columns.keySet() : Set.of());
        try (PreparedStatement query = connection.prepareStatement(UNIQUE_KEYS)) {
            query.setLong(1, oid);
            try (ResultSet index = query.executeQuery()) {
                while (index.next()) {
                    List<String> key = texts(index.getArray(3));
                    uniqueKeys.add(Set.copyOf(key));
                    if (index.getBoolean(1)) {
                        primaryKey = key;
                    }
                    if (identityKind.equals("d") && index.getBoolean(1)
                            || identityKind.equals("i") && index.getBoolean(2)) {
                        identity.addAll(key);
                    }
                }
            }
        }
        return new Table(
                row.getBoolean(2),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(3),
                row.getBoolean(4),
                columns,
                untold,
                primaryKey,
                uniqueKeys,
                identity,
                kinds);
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }
}

package io.millrace.capture.mariadb;

import io.millrace.capture.mariadb.MariadbFacts.Column;
import io.millrace.capture.mariadb.MariadbFacts.Log;
import io.millrace.capture.mariadb.MariadbFacts.Table;
import io.millrace.schemas.event.BinlogPosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks a MariaDB server for the facts. */
final class MariadbInspection {
    private static final Pattern GRANT = Pattern.compile("GRANT (.+?) ON \\*\\.\\* TO .*", Pattern.DOTALL);
    /** In a log file's header, before its first event. */
    private static final int LOG_START = 4;

    private static final String VARIABLES = """
            SELECT LOWER(variable_name), variable_value FROM information_schema.GLOBAL_VARIABLES WHERE variable_name IN
            ('LOG_BIN', 'BINLOG_FORMAT', 'BINLOG_ROW_IMAGE', 'LOG_BIN_COMPRESS', 'LOG_SLAVE_UPDATES', 'GTID_BINLOG_POS')
            """;
    private static final String VERSIONED = "SYSTEM VERSIONED";
    private static final String KEYED_TABLES = """
            SELECT t.table_schema, t.table_name FROM information_schema.TABLES t
            WHERE t.table_schema = ? AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND EXISTS (SELECT 1 FROM information_schema.STATISTICS s
                WHERE s.table_schema = t.table_schema AND s.table_name = t.table_name AND s.index_name = 'PRIMARY')
            ORDER BY t.table_name
            """;
    private static final String TABLE =
            "SELECT table_name, table_type FROM information_schema.TABLES WHERE table_schema = ? AND table_name = ?";
    private static final String COLUMNS = """
            SELECT column_name, LOWER(data_type), is_nullable FROM information_schema.COLUMNS
            WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position
            """;
    private static final String UNIQUE_KEYS = """
            SELECT index_name, column_name, sub_part FROM information_schema.STATISTICS
            WHERE table_schema = ? AND table_name = ? AND non_unique = 0 ORDER BY index_name, seq_in_index
            """;

    private final Connection connection;

    MariadbInspection(Connection connection) {
        this.connection = connection;
    }

    /** The tables that match the patterns among some routes and have a primary key. */
    List<TableId> matching(String source, List<TableRoute> routes) throws SQLException {
        List<TableId> tables = new ArrayList<>();
        for (TableRoute pattern : routes) {
            if (pattern.isPattern()) {
                for (List<@Nullable String> row :
                        ask(KEYED_TABLES, 2, pattern.table().schema())) {
                    TableId table = new TableId(source, String.valueOf(row.get(0)), String.valueOf(row.get(1)));
                    if (pattern.matches(table)) {
                        tables.add(table);
                    }
                }
            }
        }
        return tables;
    }

    /** The facts that matter to a capture of these tables. */
    MariadbFacts inspect(List<TableId> tables) throws SQLException {
        Map<String, String> settings = new HashMap<>();
        for (List<@Nullable String> row : ask(VARIABLES, 2)) {
            settings.put(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
        }
        Map<TableId, Table> found = new HashMap<>();
        for (TableId id : tables) {
            Table table = table(id);
            if (table != null) {
                found.put(id, table);
            }
        }
        List<@Nullable String> server =
                ask("SELECT CURRENT_USER(), VERSION(), @@server_id", 3).get(0);
        return new MariadbFacts(
                String.valueOf(server.get(0)),
                String.valueOf(server.get(1)),
                Long.parseLong(String.valueOf(server.get(2))),
                settings,
                grants(),
                unlogged(tables),
                logs(),
                Gtids.of(settings.get("gtid_binlog_pos")),
                found);
    }

    private Set<String> grants() throws SQLException {
        Set<String> grants = new TreeSet<>();
        for (List<@Nullable String> row : ask("SHOW GRANTS", 1)) {
            Matcher matcher = GRANT.matcher(String.valueOf(row.get(0)));
            if (matcher.matches()) {
                grants.addAll(
                        Arrays.asList(matcher.group(1).toUpperCase(Locale.ROOT).split(", ")));
            }
        }
        return grants;
    }

    /** What the user may not see is told of by the missing privilege. */
    private List<List<@Nullable String>> askIfAllowed(String query, int columns) {
        try {
            return ask(query, columns);
        } catch (SQLException notAllowed) {
            return List.of();
        }
    }

    private Set<String> unlogged(List<TableId> tables) {
        Set<String> unlogged = new TreeSet<>();
        for (List<@Nullable String> row : askIfAllowed("SHOW MASTER STATUS", 4)) {
            List<String> only = names(row.get(2));
            for (TableId table : tables) {
                if ((!only.isEmpty() && !only.contains(table.schema()))
                        || names(row.get(3)).contains(table.schema())) {
                    unlogged.add(table.schema());
                }
            }
        }
        return unlogged;
    }

    private static List<String> names(@Nullable String list) {
        return list == null || list.isEmpty() ? List.of() : List.of(list.split(","));
    }

    private List<Log> logs() {
        List<Log> logs = new ArrayList<>();
        for (List<@Nullable String> row : askIfAllowed("SHOW BINARY LOGS", 1)) {
            String file = String.valueOf(row.get(0));
            OptionalLong number = BinlogPosition.logNumber(file);
            if (number.isPresent()) {
                // The oldest log says what is there no more; for the others nobody asks.
                Gtids before = logs.isEmpty() ? before(file) : new Gtids(Map.of());
                logs.add(new Log(file, number.getAsLong(), before));
            }
        }
        return logs;
    }

    private Gtids before(String file) {
        List<List<@Nullable String>> answer =
                askIfAllowed("SELECT BINLOG_GTID_POS('" + file.replace("'", "''") + "', " + LOG_START + ")", 1);
        return Gtids.of(answer.isEmpty() ? null : answer.get(0).get(0));
    }

    private @Nullable Table table(TableId id) throws SQLException {
        // The server may compare names without regard to case; the stream does not.
        List<List<@Nullable String>> answer = ask(TABLE, 2, id.schema(), id.name());
        if (answer.isEmpty() || !id.name().equals(answer.get(0).get(0))) {
            return null;
        }
        List<Column> columns = new ArrayList<>();
        for (List<@Nullable String> row : ask(COLUMNS, 3, id.schema(), id.name())) {
            columns.add(new Column(String.valueOf(row.get(0)), String.valueOf(row.get(1)), "YES".equals(row.get(2))));
        }
        Map<String, List<String>> keys = new LinkedHashMap<>();
        Set<String> partial = new TreeSet<>();
        for (List<@Nullable String> row : ask(UNIQUE_KEYS, 3, id.schema(), id.name())) {
            String index = String.valueOf(row.get(0));
            keys.computeIfAbsent(index, name -> new ArrayList<>()).add(String.valueOf(row.get(1)));
            if (row.get(2) != null) {
                partial.add(index);
            }
        }
        keys.keySet().removeAll(partial);
        return new Table(
                "BASE TABLE".equals(answer.get(0).get(1))
                        || VERSIONED.equals(answer.get(0).get(1)),
                VERSIONED.equals(answer.get(0).get(1)),
                isReadable(id),
                columns,
                keys.getOrDefault("PRIMARY", List.of()),
                keys.values().stream().<Set<String>>map(LinkedHashSet::new).toList());
    }

    private boolean isReadable(TableId id) {
        try {
            ask("SELECT 1 FROM " + quoted(id.schema()) + "." + quoted(id.name()) + " LIMIT 0", 1);
            return true;
        } catch (SQLException notAllowed) {
            return false;
        }
    }

    static String quoted(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    private List<List<@Nullable String>> ask(String query, int columns, String... values) throws SQLException {
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<@Nullable String> texts = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        texts.add(row.getString(i));
                    }
                    rows.add(texts);
                }
            }
        }
        return rows;
    }
}

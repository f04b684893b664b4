package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Scalar;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Database;
import io.millrace.schemas.pipeline.TableRoute;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of a MariaDB table, read as texts. Its checksums are computed of rows that are read. */
final class MariadbTable implements SourceRows {
    private static final int ROWS_AT_ONCE = 500;

    private static final String COLUMNS = """
            SELECT column_name, LOWER(data_type), LOWER(column_type), COALESCE(numeric_precision, 0), is_nullable
            FROM information_schema.COLUMNS WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position
            """;
    private static final String ESTIMATE =
            "SELECT table_rows FROM information_schema.TABLES WHERE table_schema = ? AND table_name = ?";
    private static final String PRIMARY_KEYS = """
            SELECT c.table_name, c.column_name FROM information_schema.COLUMNS c
            JOIN information_schema.STATISTICS s ON s.table_schema = c.table_schema AND s.table_name = c.table_name
                AND s.column_name = c.column_name AND s.index_name = 'PRIMARY'
            WHERE c.table_schema = ? ORDER BY c.table_name, c.ordinal_position
            """;

    private final Database database;
    /** The table as the targets have it. */
    private final ComparedTable table;

    private final List<MariadbColumn> columns;
    private final ColumnMasks masks;
    private long bytesRead;

    private MariadbTable(Database database, ComparedTable table, List<MariadbColumn> columns, ColumnMasks masks) {
        this.database = database;
        this.table = table;
        this.columns = columns;
        this.masks = masks;
    }

    /** Looks up the table's columns. */
    static MariadbTable open(Database database, TableRoute route, ColumnMasks masks) {
        List<MariadbColumn> columns = new ArrayList<>();
        TableId id = route.table();
        try (Connection connection = connect(database);
                PreparedStatement select = connection.prepareStatement(COLUMNS)) {
            select.setString(1, id.schema());
            select.setString(2, id.name());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    columns.add(MariadbColumn.of(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getInt(4),
                            "YES".equals(row.getString(5))));
                }
            }
        } catch (SQLException e) {
            throw SourceTable.failure(database, e);
        }
        if (columns.isEmpty()) {
            throw new ReconcileProblem("Cannot find table " + id.qualifiedName() + " on the server of database "
                    + database.name() + ": create it, or correct the pipeline file.");
        }
        List<SourceColumn> inTargets = columns.stream()
                .map(column -> new SourceColumn(column.name(), masks.type(column.name(), column.type())))
                .toList();
        return new MariadbTable(database, new ComparedTable(route, inTargets), columns, masks);
    }

    /** The tables of a database that have a primary key, each with its columns in the order of the table's. */
    static Map<String, List<String>> primaryKeys(Database database, String schema) {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        try (Connection connection = connect(database);
                PreparedStatement select = connection.prepareStatement(PRIMARY_KEYS)) {
            select.setString(1, schema);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    keys.computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                            .add(row.getString(2));
                }
            }
        } catch (SQLException e) {
            throw SourceTable.failure(database, e);
        }
        return keys;
    }

    @Override
    public ComparedTable table() {
        return table;
    }

    @Override
    public TableView open() {
        try {
            return new View();
        } catch (SQLException e) {
            throw SourceTable.failure(database, e);
        }
    }

    /** Of the values that were read; what the protocol adds is not counted. */
    @Override
    public long bytesRead() {
        return bytesRead;
    }

    /** One transaction with a consistent snapshot. */
    private final class View implements TableView {
        private final Connection connection;

        View() throws SQLException {
            connection = connect(database);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement statement = connection.createStatement()) {
                statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            }
        }

        @Override
        public long estimatedRows() {
            TableId id = table.route().table();
            try (PreparedStatement select = connection.prepareStatement(ESTIMATE)) {
                select.setString(1, id.schema());
                select.setString(2, id.name());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? row.getLong(1) : 0;
                }
            } catch (SQLException e) {
                throw SourceTable.failure(database, e);
            }
        }

        @Override
        public void scan(BucketSet buckets, Consumer<ComparedRow> rows) {
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(ROWS_AT_ONCE);
                try (ResultSet row = statement.executeQuery(selectAll())) {
                    while (row.next()) {
                        rows.accept(read(row));
                    }
                }
            } catch (SQLException e) {
                throw SourceTable.failure(database, e);
            }
        }

        @Override
        public BucketChecksums checksums(Buckets buckets) {
            return BucketChecksums.ofRows(this, table, buckets);
        }

        @Override
        public String moment() {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT @@gtid_current_pos")) {
                return row.next() ? String.valueOf(row.getString(1)) : "";
            } catch (SQLException e) {
                throw SourceTable.failure(database, e);
            }
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw SourceTable.failure(database, e);
            }
        }
    }

    @Override
    public Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById) {
        List<ComparedRow> found = new ArrayList<>();
        List<MariadbColumn> key = table.route().key().stream()
                .map(name -> columns.get(table.indexOf(name)))
                .toList();
        if (masks.hideKey() || !key.stream().allMatch(MariadbTable::isLookedUp)) {
            try (TableView all = open()) {
                all.scan(BucketSet.ALL, row -> {
                    if (keysById.containsKey(row.id())) {
                        found.add(row);
                    }
                });
            }
            return RowsOfTable.byId(found);
        }
        String condition = key.stream()
                .map(column ->
                        MariadbColumn.quoted(column.name()) + (column.type() == Scalar.BYTES ? " = UNHEX(?)" : " = ?"))
                .collect(Collectors.joining(" AND "));
        try (Connection connection = connect(database);
                PreparedStatement select = connection.prepareStatement(selectAll() + " WHERE " + condition)) {
            for (List<String> values : keysById.values()) {
                for (int i = 0; i < values.size(); i++) {
                    select.setString(i + 1, key.get(i).type() == Scalar.BYTES ? hex(values.get(i)) : values.get(i));
                }
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(read(row));
                    }
                }
            }
        } catch (SQLException e) {
            throw SourceTable.failure(database, e);
        }
        return RowsOfTable.byId(found);
    }

    /** Whether a row is found by the canonical text of a key value; what is found besides has another id. */
    private static boolean isLookedUp(MariadbColumn column) {
        return switch (column.type()) {
            case INTEGER, NUMERIC, TEXT, UUID, DATE, TIME -> true;
            case BYTES -> !column.declared().equals("bit");
            default -> false;
        };
    }

    private static String hex(String canonical) {
        return java.util.HexFormat.of().formatHex(Base64.getUrlDecoder().decode(canonical));
    }

    private ComparedRow read(ResultSet row) throws SQLException {
        List<@Nullable String> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            MariadbColumn column = columns.get(i);
            String text = row.getString(i + 1);
            bytesRead += text == null ? 0 : text.length();
            values.add(masks.ofCanonical(column.name(), column.type(), MariadbText.canonical(column, text)));
        }
        return table.row(values);
    }

    private String selectAll() {
        TableId id = table.route().table();
        return "SELECT " + columns.stream().map(MariadbColumn::expression).collect(Collectors.joining(", ")) + " FROM "
                + MariadbColumn.quoted(id.schema()) + "." + MariadbColumn.quoted(id.name());
    }

    private static Connection connect(Database database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password().reveal());
        properties.setProperty("sessionVariables", "time_zone='+00:00',net_write_timeout=3600");
        return DriverManager.getConnection(
                database.kind().jdbcUrl(String.valueOf(database.host()), database.port(), database.name()), properties);
    }
}

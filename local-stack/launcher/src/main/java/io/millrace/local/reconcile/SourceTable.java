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
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of a PostgreSQL table, read as texts, each scan in one transaction that sees one moment. */
final class SourceTable implements SourceRows {
    private static final int ROWS_AT_ONCE = 500;
    private static final String DATA_EXCEPTION = "22";

    private final Database database;
    /** The table as the targets have it. */
    private final ComparedTable table;

    private final List<SourceColumn> columns;
    private final ColumnMasks masks;
    /** The database's own name of each column's type, to cast keys to. */
    private final Map<String, String> declaredTypes;

    private SourceTable(
            Database database,
            ComparedTable table,
            List<SourceColumn> columns,
            ColumnMasks masks,
            Map<String, String> declaredTypes) {
        this.database = database;
        this.table = table;
        this.columns = columns;
        this.masks = masks;
        this.declaredTypes = declaredTypes;
    }

    /** Looks up the table's columns. */
    static SourceTable open(Database database, TableRoute route, ColumnMasks masks) {
        List<SourceColumn> columns = new ArrayList<>();
        Map<String, String> declaredTypes = new HashMap<>();
        TableId id = route.table();
        try (Connection connection = connect(database);
                PreparedStatement select = connection.prepareStatement(
                        "SELECT a.attname, coalesce(base.typname, t.typname), format_type(a.atttypid, a.atttypmod)"
                                + " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
                                + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " JOIN pg_type t ON t.oid = a.atttypid"
                                + " LEFT JOIN pg_type base ON base.oid = t.typbasetype"
                                + " WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped"
                                + " ORDER BY a.attnum")) {
            select.setString(1, id.schema());
            select.setString(2, id.name());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    columns.add(new SourceColumn(row.getString(1), SourceType.ofPostgres(row.getString(2))));
                    declaredTypes.put(row.getString(1), row.getString(3));
                }
            }
        } catch (SQLException e) {
            throw failure(database, e);
        }
        if (columns.isEmpty()) {
            throw new ReconcileProblem("Cannot find table " + id.qualifiedName() + " in database " + database.name()
                    + ": create it, or correct the pipeline file.");
        }
        List<SourceColumn> inTargets = columns.stream()
                .map(column -> new SourceColumn(column.name(), masks.type(column.name(), column.type())))
                .toList();
        return new SourceTable(database, new ComparedTable(route, inTargets), columns, masks, declaredTypes);
    }

    @Override
    public ComparedTable table() {
        return table;
    }

    @Override
    public void scan(Consumer<ComparedRow> rows) {
        try (Connection connection = connect(database)) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement(selectAll())) {
                select.setFetchSize(ROWS_AT_ONCE);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        rows.accept(read(row));
                    }
                }
            }
            connection.rollback();
        } catch (SQLException e) {
            throw failure(database, e);
        }
    }

    @Override
    public Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById) {
        List<ComparedRow> found = new ArrayList<>();
        if (masks.hideKey()) {
            scan(row -> {
                if (keysById.containsKey(row.id())) {
                    found.add(row);
                }
            });
            return RowsOfTable.byId(found);
        }
        String condition = table.route().key().stream()
                .map(column -> quoted(column) + " = CAST(? AS " + declaredTypes.get(column) + ")")
                .collect(Collectors.joining(" AND "));
        try (Connection connection = connect(database);
                PreparedStatement select = connection.prepareStatement(selectAll() + " WHERE " + condition)) {
            for (List<String> key : keysById.values()) {
                findOne(select, key, found);
            }
        } catch (SQLException e) {
            throw failure(database, e);
        }
        return RowsOfTable.byId(found);
    }

    private void findOne(PreparedStatement select, List<String> key, List<ComparedRow> found) throws SQLException {
        for (int i = 0; i < key.size(); i++) {
            SourceType type = table.columns()
                    .get(table.indexOf(table.route().key().get(i)))
                    .type();
            select.setString(i + 1, type == Scalar.BYTES ? hex(key.get(i)) : key.get(i));
        }
        try (ResultSet row = select.executeQuery()) {
            if (row.next()) {
                found.add(read(row));
            }
        } catch (SQLException e) {
            // A target may hold a key that the source's type cannot: then the source does not have the row.
            if (!String.valueOf(e.getSQLState()).startsWith(DATA_EXCEPTION)) {
                throw e;
            }
        }
    }

    private static String hex(String canonical) {
        return "\\x" + HexFormat.of().formatHex(Base64.getUrlDecoder().decode(canonical));
    }

    private ComparedRow read(ResultSet row) throws SQLException {
        List<@Nullable String> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            SourceColumn column = columns.get(i);
            values.add(masks.canonical(column.name(), column.type(), row.getString(i + 1)));
        }
        return new ComparedRow(table.id(values), values);
    }

    private String selectAll() {
        TableId id = table.route().table();
        return "SELECT "
                + table.columns().stream().map(column -> quoted(column.name())).collect(Collectors.joining(", "))
                + " FROM " + quoted(id.schema()) + "." + quoted(id.name());
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static Connection connect(Database database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password().reveal());
        // The server's own texts are compared, not what the driver would make of binary values.
        properties.setProperty("binaryTransfer", "false");
        properties.setProperty(
                "options",
                "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c bytea_output=hex"
                        + " -c extra_float_digits=3");
        Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name(), properties);
        try (PreparedStatement set = connection.prepareStatement("SET TimeZone = 'UTC'")) {
            set.execute();
        }
        return connection;
    }

    static ReconcileProblem failure(Database database, SQLException e) {
        return new ReconcileProblem(
                "Cannot read database " + database.name() + " at " + database.host() + ":" + database.port() + ": "
                        + e.getMessage() + " Check that it is up, and what the pipeline file says of it.",
                e);
    }
}

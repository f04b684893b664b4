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
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of a PostgreSQL table, read as texts. */
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

    private final Optional<PostgresChecksums> checksums;
    private final RepairRows repairRows;
    private final String count = CountedSockets.newCount();

    /**
     * Rows as they were read once more.
     *
     * @param before the log position below which every change is in what was read, or was rolled back
     * @param beforeMicros the database's clock at that position
     * @param textsById the database's own texts of the rows' values; ids without a row are left out
     * @param rows makes rows of texts
     */
    record Reading(long before, long beforeMicros, Map<String, List<@Nullable String>> textsById, RepairRows rows) {}

    private SourceTable(
            Database database,
            ComparedTable table,
            List<SourceColumn> columns,
            ColumnMasks masks,
            Map<String, String> declaredTypes,
            Optional<PostgresChecksums> checksums,
            RepairRows repairRows) {
        this.database = database;
        this.table = table;
        this.columns = columns;
        this.masks = masks;
        this.declaredTypes = declaredTypes;
        this.checksums = checksums;
        this.repairRows = repairRows;
    }

    /** Looks up the table's columns. */
    static SourceTable open(Database database, TableRoute route, ColumnMasks masks) {
        List<SourceColumn> columns = new ArrayList<>();
        List<String> types = new ArrayList<>();
        List<RepairRows.RepairColumn> repaired = new ArrayList<>();
        Map<String, String> declaredTypes = new HashMap<>();
        TableId id = route.table();
        try (Connection connection = connect(database);
                PreparedStatement select = connection.prepareStatement(
                        "SELECT a.attname, coalesce(base.typname, t.typname), format_type(a.atttypid, a.atttypmod),"
                                + " coalesce(element.typtype, base.typtype, t.typtype),"
                                + " CASE WHEN base.oid IS NULL THEN a.atttypmod ELSE t.typtypmod END, NOT a.attnotnull"
                                + " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
                                + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " JOIN pg_type t ON t.oid = a.atttypid"
                                + " LEFT JOIN pg_type base ON base.oid = t.typbasetype"
                                + " LEFT JOIN pg_type element ON element.oid = t.typelem AND t.typcategory = 'A'"
                                + " WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped"
                                + " ORDER BY a.attnum")) {
            select.setString(1, id.schema());
            select.setString(2, id.name());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    columns.add(new SourceColumn(row.getString(1), SourceType.ofPostgres(row.getString(2))));
                    types.add(row.getString(2));
                    repaired.add(new RepairRows.RepairColumn(
                            row.getString(1),
                            SourceType.ofPostgres(row.getString(2)),
                            PostgresColumnType.of(row.getString(2), row.getString(4), row.getInt(5)),
                            row.getBoolean(6)));
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
        ComparedTable table = new ComparedTable(route, inTargets);
        return new SourceTable(
                database,
                table,
                columns,
                masks,
                declaredTypes,
                // What masks make of a value is not for the server to know.
                masks.hideAny() ? Optional.empty() : PostgresChecksums.of(table, types),
                new RepairRows(route, repaired));
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
            throw failure(database, e);
        }
    }

    @Override
    public long bytesRead() {
        return CountedSockets.received(count);
    }

    /** One repeatable-read transaction. */
    private final class View implements TableView {
        private final Connection connection;
        private final String moment;
        private final long estimatedRows;

        View() throws SQLException {
            connection = connect(database, count);
            // Before the transaction sees anything: what was committed before this position is in what it sees.
            moment = one(LogPosition.SELECT);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            // A table that was never analyzed has no number of rows.
            estimatedRows = Long.parseLong(one("SELECT coalesce(sum(CASE WHEN c.reltuples >= 0 THEN c.reltuples"
                    + " ELSE pg_relation_size(c.oid) / 100 END), 0)::bigint FROM pg_partition_tree(" + literal(from())
                    + ") AS tree JOIN pg_class c ON c.oid = tree.relid WHERE tree.isleaf"));
        }

        private String one(String select) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(select);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }

        @Override
        public long estimatedRows() {
            return estimatedRows;
        }

        @Override
        public void scan(BucketSet buckets, Consumer<ComparedRow> rows) {
            boolean some = !buckets.isAll() && checksums.isPresent();
            String condition = some ? " WHERE " + checksums.orElseThrow().isInBuckets(buckets.buckets()) : "";
            try (PreparedStatement select = connection.prepareStatement(selectAll() + condition)) {
                if (some) {
                    select.setArray(
                            1,
                            connection.createArrayOf(
                                    "int4", buckets.numbers().boxed().toArray()));
                }
                select.setFetchSize(ROWS_AT_ONCE);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        rows.accept(read(row));
                    }
                }
            } catch (SQLException e) {
                throw failure(database, e);
            }
        }

        @Override
        public BucketChecksums checksums(Buckets buckets) {
            if (checksums.isEmpty()) {
                return BucketChecksums.ofRows(this, table, buckets);
            }
            BucketChecksums sums = new BucketChecksums(buckets);
            try (PreparedStatement select =
                            connection.prepareStatement(checksums.get().select(buckets, from()));
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sums.add(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4));
                }
            } catch (SQLException e) {
                throw failure(database, e);
            }
            return sums;
        }

        @Override
        public String moment() {
            return moment;
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw failure(database, e);
            }
        }
    }

    @Override
    public Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById) {
        List<ComparedRow> found = new ArrayList<>();
        try (Connection connection = connect(database, count)) {
            find(connection, keysById, row -> found.add(read(row)));
        } catch (SQLException e) {
            throw failure(database, e);
        }
        return RowsOfTable.byId(found);
    }

    /** Whether rows cannot be looked up by the keys that targets have. */
    boolean hidesKey() {
        return masks.hideKey();
    }

    /**
     * Reads some rows, once no change is under way any more that began before now: so it is known of every change that is
     * older than now that it is in what was read.
     */
    Reading readOnceMore(Map<String, List<String>> keysById) {
        try (Connection connection = connect(database, count)) {
            LogPosition position = LogPosition.settled(connection);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            Map<String, List<@Nullable String>> texts = new HashMap<>();
            find(connection, keysById, row -> {
                List<@Nullable String> values = new ArrayList<>();
                for (int i = 1; i <= columns.size(); i++) {
                    values.add(row.getString(i));
                }
                texts.put(read(row).id(), values);
            });
            return new Reading(position.before(), position.micros(), texts, repairRows);
        } catch (SQLException e) {
            throw failure(database, e);
        }
    }

    /** Takes a row where its result set stands. */
    private interface FoundRow {
        void accept(ResultSet row) throws SQLException;
    }

    private void find(Connection connection, Map<String, List<String>> keysById, FoundRow found) throws SQLException {
        if (masks.hideKey()) {
            findHidden(connection, keysById, found);
            return;
        }
        String condition = table.route().key().stream()
                .map(column -> quoted(column) + " = CAST(? AS " + declaredTypes.get(column) + ")")
                .collect(Collectors.joining(" AND "));
        try (PreparedStatement select = connection.prepareStatement(selectAll() + " WHERE " + condition)) {
            for (List<String> key : keysById.values()) {
                findOne(select, key, found);
            }
        }
    }

    /** Looks through the whole table: only masking tells which row a masked key is of. */
    private void findHidden(Connection connection, Map<String, List<String>> keysById, FoundRow found)
            throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement select = connection.prepareStatement(selectAll())) {
            select.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (keysById.containsKey(read(row).id())) {
                        found.accept(row);
                    }
                }
            }
        }
    }

    private void findOne(PreparedStatement select, List<String> key, FoundRow found) throws SQLException {
        for (int i = 0; i < key.size(); i++) {
            SourceType type = table.keyColumns().get(i).type();
            select.setString(i + 1, type == Scalar.BYTES ? hex(key.get(i)) : key.get(i));
        }
        Savepoint before = select.getConnection().getAutoCommit()
                ? null
                : select.getConnection().setSavepoint();
        try (ResultSet row = select.executeQuery()) {
            if (row.next()) {
                found.accept(row);
            }
        } catch (SQLException e) {
            // A target may hold a key that the source's type cannot: then the source does not have the row.
            if (!String.valueOf(e.getSQLState()).startsWith(DATA_EXCEPTION)) {
                throw e;
            }
            if (before != null) {
                select.getConnection().rollback(before);
            }
        }
        if (before != null) {
            select.getConnection().releaseSavepoint(before);
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
        return table.row(values);
    }

    private String selectAll() {
        return "SELECT "
                + table.columns().stream().map(column -> quoted(column.name())).collect(Collectors.joining(", "))
                + " FROM " + from();
    }

    private String from() {
        TableId id = table.route().table();
        return quoted(id.schema()) + "." + quoted(id.name());
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static Connection connect(Database database) throws SQLException {
        return connect(database, CountedSockets.newCount());
    }

    /** Connects, counting the bytes that come from the server. */
    private static Connection connect(Database database, String count) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password().reveal());
        // The server's own texts are compared, not what the driver would make of binary values.
        properties.setProperty("binaryTransfer", "false");
        properties.setProperty("socketFactory", CountedSockets.class.getName());
        properties.setProperty("socketFactoryArg", count);
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

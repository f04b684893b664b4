package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.AsBytes;
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
import java.util.HashMap;
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

    private final String from;
    private final List<PostgresColumn> columns;
    /** What kind of values the source's columns have. */
    private final List<SourceType> types;

    private final ColumnMasks masks;
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
            TableRoute route,
            List<PostgresColumn> columns,
            boolean isPartitioned,
            ColumnMasks masks) {
        this.database = database;
        this.table = new ComparedTable(
                route,
                columns.stream()
                        .map(column -> new SourceColumn(
                                column.name(),
                                masks.type(column.name(), column.type().source())))
                        .toList());
        // What other tables inherit from it is theirs, but partitions' rows are its own.
        this.from = (isPartitioned ? "" : "ONLY ") + name(route.table());
        this.columns = columns;
        this.types = columns.stream().map(column -> column.type().source()).toList();
        this.masks = masks;
        // What masks make of a value is not for the server to know.
        this.checksums = masks.hideAny() ? Optional.empty() : PostgresChecksums.of(table, columns);
        this.repairRows = new RepairRows(
                route,
                columns.stream()
                        .map(column -> new RepairRows.RepairColumn(
                                column.name(),
                                column.type().source(),
                                column.type().ofRows(),
                                column.nullable()))
                        .toList());
    }

    /** Looks up the table's columns. */
    static SourceTable open(Database database, TableRoute route, ColumnMasks masks) {
        List<PostgresColumn> columns;
        boolean isPartitioned;
        try (Connection connection = connect(database)) {
            columns = PostgresColumn.of(connection, route.table());
            isPartitioned = isPartitioned(connection, route.table());
        } catch (SQLException e) {
            throw failure(database, e);
        }
        if (columns.isEmpty()) {
            throw new ReconcileProblem("Cannot find table " + route.table().qualifiedName() + " in database "
                    + database.name() + ": create it, or correct the pipeline file.");
        }
        return new SourceTable(database, route, columns, isPartitioned, masks);
    }

    private static boolean isPartitioned(Connection connection, TableId table) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass(?)")) {
            select.setString(1, name(table));
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
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
                    + " ELSE pg_relation_size(c.oid) / 100 END), 0)::bigint FROM pg_class c WHERE c.oid = "
                    + literal(name(table.route().table()))
                    + "::regclass AND c.relkind <> 'p' OR c.oid IN (SELECT relid FROM pg_partition_tree("
                    + literal(name(table.route().table())) + ") WHERE isleaf)"));
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
                            connection.prepareStatement(checksums.get().select(buckets, from));
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
        List<PostgresColumn> keyColumns = table.route().key().stream()
                .map(column -> columns.get(table.indexOf(column)))
                .toList();
        if (masks.hideKey()
                || keyColumns.stream().anyMatch(column -> column.type().source() instanceof AsBytes)) {
            findByReadingAll(connection, keysById, found);
            return;
        }
        String condition = keyColumns.stream()
                .map(column -> PostgresColumn.quoted(column.name()) + " = CAST(? AS " + column.declared() + ")")
                .collect(Collectors.joining(" AND "));
        try (PreparedStatement select = connection.prepareStatement(selectAll() + " WHERE " + condition)) {
            for (List<String> key : keysById.values()) {
                findOne(select, key, found);
            }
        }
    }

    /** Looks through the whole table: nothing but making the target's value of each key tells which row one is of. */
    private void findByReadingAll(Connection connection, Map<String, List<String>> keysById, FoundRow found)
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
            select.setString(i + 1, PostgresText.of(table.keyColumns().get(i).type(), key.get(i)));
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

    private ComparedRow read(ResultSet row) throws SQLException {
        List<@Nullable String> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            values.add(masks.canonical(columns.get(i).name(), types.get(i), row.getString(i + 1)));
        }
        return table.row(values);
    }

    private String selectAll() {
        return "SELECT "
                + columns.stream().map(PostgresColumn::expression).collect(Collectors.joining(", "))
                + " FROM " + from;
    }

    private static String name(TableId id) {
        return PostgresColumn.quoted(id.schema()) + "." + PostgresColumn.quoted(id.name());
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
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

package io.millrace.local.demo.workload;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Carries out the plans of one lane over a connection of its own. Not thread-safe. */
final class LaneWorker implements AutoCloseable {
    private static final String INTEGRITY_VIOLATION = "23";
    private static final String TRANSACTION_ROLLBACK = "40";

    private final Connection connection;
    private final Lane lane;
    private final Random random;
    private final Tally tally;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private Planner planner;

    LaneWorker(WorkloadConfig config, Lane lane, Tally tally) throws SQLException {
        this.connection = connect(config);
        this.lane = lane;
        this.tally = tally;
        Company company = CompanyReader.read(connection, lane);
        this.random = new Random((config.seed() * 31 + lane.number()) * 31 + company.age());
        this.planner = new Planner(company, random);
        connection.setAutoCommit(false);
    }

    /** Makes one transaction and says how many rows it changed; none if it was rolled back. */
    int makeTransaction() throws SQLException {
        PlannedTransaction transaction = planner.next();
        try {
            boolean complete = true;
            for (PlannedStatement statement : transaction.statements()) {
                complete &= execute(statement) == statement.rows();
            }
            if (!transaction.commits()) {
                connection.rollback();
                tally.rolledBack();
                return 0;
            }
            if (!complete) {
                return startOver();
            }
            connection.commit();
            tally.committed(transaction);
            return transaction.rows();
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith(INTEGRITY_VIOLATION) || state.startsWith(TRANSACTION_ROLLBACK)) {
                return startOver();
            }
            throw e;
        }
    }

    /** Somebody else has changed the lane's rows: looks at them again. */
    private int startOver() throws SQLException {
        connection.rollback();
        tally.refused();
        planner = new Planner(CompanyReader.read(connection, lane), random);
        connection.commit();
        return 0;
    }

    private int execute(PlannedStatement planned) throws SQLException {
        PreparedStatement statement = prepared.get(planned.sql());
        if (statement == null) {
            statement = connection.prepareStatement(planned.sql());
            prepared.put(planned.sql(), statement);
        }
        int place = 1;
        for (@Nullable Object value : planned.values()) {
            statement.setObject(
                    place++, value instanceof List<?> list ? connection.createArrayOf("text", list.toArray()) : value);
        }
        return statement.executeUpdate();
    }

    /** Lets rows inserted by hand get ids that are free: the workload chooses its ids itself. */
    static void alignSequences(WorkloadConfig config) throws SQLException {
        try (Connection connection = connect(config);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT setval(pg_get_serial_sequence('customers', 'customer_id'),"
                    + " (SELECT max(customer_id) + 1000 FROM customers)),"
                    + " setval(pg_get_serial_sequence('tickets', 'ticket_id'),"
                    + " (SELECT max(ticket_id) + 1000 FROM tickets))");
        }
    }

    private static Connection connect(WorkloadConfig config) throws SQLException {
        return DriverManager.getConnection(config.jdbcUrl(), config.user(), config.password());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

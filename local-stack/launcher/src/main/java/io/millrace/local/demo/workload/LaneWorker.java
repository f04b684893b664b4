package io.millrace.local.demo.workload;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * Carries out the plans of one lane over connections of its own. Not thread-safe.
 *
 * <p>A transaction that is committed touches one database only; one that is rolled back may touch both.
 */
final class LaneWorker implements AutoCloseable {
    private static final String INTEGRITY_VIOLATION = "23";
    private static final String TRANSACTION_ROLLBACK = "40";

    private final Session logistics;
    private final Session helpdesk;
    private final Lane lane;
    private final Random random;
    private final Tally tally;
    private Planner planner;

    LaneWorker(WorkloadConfig config, Lane lane, Tally tally) throws SQLException {
        this.logistics = new Session(config.database(WorkloadConfig.LOGISTICS));
        this.helpdesk = new Session(config.database(WorkloadConfig.HELPDESK));
        this.lane = lane;
        this.tally = tally;
        Company company = readCompany();
        this.random = new Random((config.seed() * 31 + lane.number()) * 31 + company.age());
        this.planner = new Planner(company, random);
    }

    /** Makes one transaction and says how many rows it changed; none if it was rolled back. */
    int makeTransaction() throws SQLException {
        PlannedTransaction transaction = planner.next();
        try {
            boolean complete = true;
            for (PlannedStatement statement : transaction.statements()) {
                complete &= session(statement).execute(statement) == statement.rows();
            }
            if (!transaction.commits()) {
                rollback();
                tally.rolledBack();
                return 0;
            }
            if (!complete) {
                return startOver();
            }
            commit();
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
        rollback();
        tally.refused();
        planner = new Planner(readCompany(), random);
        return 0;
    }

    private Session session(PlannedStatement statement) {
        return statement.table().source().equals(WorkloadConfig.HELPDESK) ? helpdesk : logistics;
    }

    private Company readCompany() throws SQLException {
        Company company = CompanyReader.read(logistics.connection(), helpdesk.connection(), lane);
        commit();
        return company;
    }

    private void commit() throws SQLException {
        logistics.commit();
        helpdesk.commit();
    }

    private void rollback() throws SQLException {
        logistics.rollback();
        helpdesk.rollback();
    }

    /** Lets rows inserted by hand get ids that are free: the workload chooses its ids itself. */
    static void alignSequences(WorkloadConfig config) throws SQLException {
        align(config.database(WorkloadConfig.LOGISTICS), "customers", "customer_id");
        align(config.database(WorkloadConfig.HELPDESK), "tickets", "ticket_id");
    }

    private static void align(WorkloadConfig.Login database, String table, String column) throws SQLException {
        try (Session session = new Session(database);
                Statement statement = session.connection().createStatement()) {
            statement.execute(
                    "SELECT setval(pg_get_serial_sequence('%1$s', '%2$s'), (SELECT max(%2$s) + 1000 FROM %1$s))"
                            .formatted(table, column));
            session.commit();
        }
    }

    @Override
    public void close() throws SQLException {
        try (logistics;
                helpdesk) {
            // Both, whatever becomes of the first.
        }
    }
}

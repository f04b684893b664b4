package io.millrace.local.reconcile;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A position in PostgreSQL's log of which it is known that every change below it has ended: whoever reads from here on sees
 * it, unless it was rolled back.
 *
 * @param before the position
 * @param micros the database's clock at it, in microseconds since 1970-01-01T00:00Z
 */
record LogPosition(long before, long micros) {
    /** The position now; of a standby, how far it has come. */
    static final String SELECT = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
            + " ELSE pg_current_wal_insert_lsn() END";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 20;

    /**
     * The position now, once all transactions have ended that may have written before it. Who writes has a number, and who
     * wrote before our own number was given has a smaller one.
     *
     * @param connection one that commits by itself
     */
    static LogPosition settled(Connection connection) throws SQLException {
        long before;
        long micros;
        long number;
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn,"
                                + " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
                ResultSet row = select.executeQuery()) {
            row.next();
            before = row.getLong(1);
            micros = row.getLong(2);
        }
        number = one(connection, "SELECT pg_current_xact_id()::text::bigint");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (one(connection, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint") <= number) {
            if (System.nanoTime() > deadline) {
                throw new ReconcileProblem("Cannot repair: a transaction that writes has been open for "
                        + PATIENCE.toMinutes() + " minutes. Wait until it ends; pg_stat_activity and"
                        + " pg_prepared_xacts show it.");
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ReconcileProblem("Cannot go on repairing: interrupted", e);
            }
        }
        return new LogPosition(before, micros);
    }

    private static long one(Connection connection, String select) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}

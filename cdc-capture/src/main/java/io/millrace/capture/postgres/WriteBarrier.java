package io.millrace.capture.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A point of PostgreSQL's log that rows read from now on stand behind.
 *
 * <p>{@link #raise} notes the log's end B and then waits until every transaction has ended that may have written before B.
 * Then a row that is read holds every change logged before B, and each change that it may or may not hold was logged after
 * B. So a row at the position just before B is newer than all that it surely holds, and older than all else: whatever the
 * order in which rows and changes arrive, the right one wins. Neither locks nor writes anything.
 */
final class WriteBarrier {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration NEWS = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(WriteBarrier.class);

    private WriteBarrier() {}

    /** Raises a barrier, which may wait for as long as transactions are open. */
    static long raise(Connection connection) throws SQLException, InterruptedException {
        // First the position: who has written before it holds the lock on its own number when one looks later.
        long end = end(connection);
        Set<String> writers = writers(connection);
        long waiting = System.nanoTime();
        while (!writers.isEmpty()) {
            if (System.nanoTime() - waiting > NEWS.toNanos()) {
                LOG.warn("Waiting for transactions in the source to end before rows are read again: {}", writers);
                waiting = System.nanoTime();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            writers.retainAll(writers(connection));
        }
        return end;
    }

    private static long end(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The numbers of the transactions that have written; prepared ones are among them. */
    private static Set<String> writers(Connection connection) throws SQLException {
        Set<String> numbers = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT transactionid::text FROM pg_locks"
                        + " WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted")) {
            while (row.next()) {
                numbers.add(row.getString(1));
            }
        }
        return numbers;
    }
}

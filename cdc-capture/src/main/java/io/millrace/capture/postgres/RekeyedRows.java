package io.millrace.capture.postgres;

import io.debezium.DebeziumException;
import io.debezium.bean.StandardBeanNames;
import io.debezium.bean.spi.BeanRegistry;
import io.debezium.jdbc.JdbcConnection;
import io.debezium.processors.reselect.ReselectColumnsPostProcessor;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the values that PostgreSQL leaves out of a changed primary key's second half.
 *
 * <p>PostgreSQL leaves out large values that did not change. The job fills them in from what it knows of the row, but knows
 * the row under its old key, and Debezium makes a delete and a create of a changed key. A create with a value left out is
 * always such a one, and only for these the row is read: what is read is as new as the table, and may be ahead of the event.
 * If the row is gone by then, its delete follows.
 *
 * <p>A format that knows no value left out, such as DMS's, has the rows of updates read in the same way.
 *
 * <p>A replication stream may tell of a commit before other sessions see it: a moment before, or as long as a synchronous
 * standby keeps it waiting. Read too early, the row would seem to be gone, or an older one of the same key would be taken
 * for it. So the row is read once its transaction is visible.
 */
public final class RekeyedRows extends ReselectColumnsPostProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(RekeyedRows.class);

    /** The setting that says whether updates' rows are read as well. */
    static final String UPDATES = "updates";

    /** What Debezium puts in the place of a value that was left out. */
    private static final String PLACEHOLDER = "__debezium_unavailable_value";

    /**
     * Whether a transaction is visible, by the 32 bits of its number that the stream tells. The others are those that bring
     * it nearest to the newest transaction.
     */
    private static final String IS_VISIBLE = """
            SELECT pg_visible_in_snapshot(
                (newest - (((newest - ?::bigint + 2147483648) & 4294967295) - 2147483648))::text::xid8, snapshot)
            FROM (SELECT snapshot, pg_snapshot_xmax(snapshot)::text::bigint AS newest
                  FROM (SELECT pg_current_snapshot() AS snapshot) AS now) AS bounds
            """;

    private static final long POLL_MILLIS = 5;
    private static final long WARN_EVERY_MILLIS = 10_000;

    private @Nullable JdbcConnection database;
    private boolean updates;

    @Override
    public void configure(Map<String, ?> properties) {
        super.configure(properties);
        updates = Boolean.parseBoolean(String.valueOf(properties.get(UPDATES)));
    }

    @Override
    public void injectBeanRegistry(BeanRegistry beans) {
        super.injectBeanRegistry(beans);
        database = beans.lookupByName(StandardBeanNames.JDBC_CONNECTION, JdbcConnection.class);
    }

    @Override
    public void apply(Object key, Struct value) {
        String operation = value.getString("op");
        if (("c".equals(operation) || (updates && "u".equals(operation))) && mayLackValues(value.getStruct("after"))) {
            awaitVisible(value.getStruct("source").getInt64("txId"));
            readUnlessGone(key, value);
        }
    }

    /** Set to fail, Debezium also fails for a row that is not there; only then there is no cause. */
    private void readUnlessGone(Object key, Struct value) {
        try {
            super.apply(key, value);
        } catch (DebeziumException e) {
            if (e.getCause() != null) {
                throw e;
            }
            LOG.debug("A row is gone before the values that were left out of it could be read");
        }
    }

    /** Whether the row may have a placeholder; at times wrongly true, which costs a question to the database. */
    private static boolean mayLackValues(Struct row) {
        for (Field field : row.schema().fields()) {
            if (mayBePlaceholder(row.get(field))) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayBePlaceholder(@Nullable Object value) {
        if (value instanceof String text) {
            return text.contains(PLACEHOLDER);
        } else if (value instanceof ByteBuffer bytes) {
            return bytes.remaining() == PLACEHOLDER.length();
        } else if (value instanceof byte[] bytes) {
            return bytes.length == PLACEHOLDER.length();
        } else if (value instanceof List<?> elements) {
            return elements.size() == PLACEHOLDER.length() || elements.stream().anyMatch(RekeyedRows::mayBePlaceholder);
        } else {
            return value instanceof Map<?, ?> entries
                    && entries.values().stream().anyMatch(RekeyedRows::mayBePlaceholder);
        }
    }

    private void awaitVisible(long transaction) {
        try {
            for (long waited = 0; !isVisible(transaction); waited += POLL_MILLIS) {
                if (waited > 0 && waited % WARN_EVERY_MILLIS == 0) {
                    LOG.warn(
                            "Cannot read a row under its new key yet: transaction {} is on the replication stream, but not"
                                    + " visible. Does a synchronous standby keep it waiting?",
                            transaction);
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (SQLException e) {
            throw new DebeziumException("Cannot tell whether transaction " + transaction + " is visible", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DebeziumException("Stopped while waiting for transaction " + transaction + " to be visible", e);
        }
    }

    private boolean isVisible(long transaction) throws SQLException {
        return Objects.requireNonNull(database, "beans are injected before the first change")
                .prepareQueryAndMap(IS_VISIBLE, query -> query.setLong(1, transaction), RekeyedRows::firstBoolean);
    }

    private static boolean firstBoolean(ResultSet rows) throws SQLException {
        return rows.next() && rows.getBoolean(1);
    }
}

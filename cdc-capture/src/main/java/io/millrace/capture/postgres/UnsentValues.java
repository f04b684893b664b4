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
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads values that PostgreSQL did not send, where nobody behind the capture can know them.
 *
 * <p>PostgreSQL leaves out large values that did not change, and the job fills them in from what it knows of the row. It
 * cannot in three cases, for which the row is read:
 *
 * <ul>
 *   <li>The second half of a changed primary key: Debezium makes a delete and a create of it, and the job knows the row under
 *       its old key. A create with a value left out is always such a one.
 *   <li>An array that {@link ArrayConverter} has marked, which cannot be told from a value in an event.
 *   <li>Updates in a format that knows no value left out, such as DMS's.
 * </ul>
 *
 * <p>What is read is as new as the table, and may be ahead of the event. If the row is gone by then, its delete follows.
 *
 * <p>A replication stream may tell of a commit before other sessions see it: a moment before, or as long as a synchronous
 * standby keeps it waiting. Read too early, the row would seem to be gone, or an older one of the same key would be taken
 * for it. So the row is read once its transaction is visible.
 */
public final class UnsentValues extends ReselectColumnsPostProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(UnsentValues.class);

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
        Struct row = value.getStruct("after");
        if (row == null) {
            return;
        }
        boolean lacksValues = ("c".equals(operation) || (updates && "u".equals(operation))) && mayLackValues(row);
        List<Field> arrays = unsentArrays(row);
        if (lacksValues || !arrays.isEmpty()) {
            awaitVisible(value.getStruct("source").getInt64("txId"));
        }
        if (lacksValues) {
            readUnlessGone(key, value);
        }
        if (!arrays.isEmpty()) {
            readArrays(key, value, arrays);
        }
    }

    private static List<Field> unsentArrays(Struct row) {
        return row.schema().fields().stream()
                .filter(field -> row.get(field) == ArrayConverter.UNSENT)
                .toList();
    }

    private void readArrays(Object key, Struct value, List<Field> arrays) {
        Struct row = value.getStruct("after");
        Struct read = withNullsFor(arrays, row);
        Schema schema = SchemaBuilder.struct()
                .field("op", Schema.STRING_SCHEMA)
                .field("source", value.schema().field("source").schema())
                .field("after", read.schema())
                .build();
        readUnlessGone(
                key,
                new Struct(schema)
                        .put("op", value.getString("op"))
                        .put("source", value.getStruct("source"))
                        .put("after", read));
        for (Field field : arrays) {
            Object array = read.get(field.name());
            if (array != null || field.schema().isOptional()) {
                row.put(field, array);
            }
        }
    }

    /** The row with nulls in the place of some arrays, and no others: Debezium reads nulls again. */
    private static Struct withNullsFor(List<Field> arrays, Struct row) {
        List<Field> known = row.schema().fields().stream()
                .filter(field -> row.get(field) != null && !arrays.contains(field))
                .toList();
        SchemaBuilder schema = SchemaBuilder.struct();
        known.forEach(field -> schema.field(field.name(), field.schema()));
        arrays.forEach(field -> schema.field(
                field.name(),
                SchemaBuilder.array(field.schema().valueSchema()).optional().build()));
        Struct asking = new Struct(schema.build());
        known.forEach(field -> asking.put(field.name(), row.get(field)));
        return asking;
    }

    /**
     * Finds the row by a key whose values are texts, which the server takes for values of its columns' types.
     *
     * <p>Set to fail, Debezium also fails for a row that is not there; only then there is no cause.
     */
    private void readUnlessGone(Object key, Struct value) {
        try {
            super.apply(texts((Struct) key), value);
        } catch (DebeziumException e) {
            if (e.getCause() != null) {
                throw e;
            }
            LOG.debug("A row is gone before the values that were left out of it could be read");
        }
    }

    private static Struct texts(Struct key) {
        SchemaBuilder schema = SchemaBuilder.struct();
        key.schema().fields().forEach(field -> schema.field(field.name(), Schema.STRING_SCHEMA));
        Struct texts = new Struct(schema.build());
        key.schema().fields().forEach(field -> texts.put(field.name(), SqlText.of(field.schema(), key.get(field))));
        return texts;
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
            return elements.size() == PLACEHOLDER.length()
                    || elements.stream().anyMatch(UnsentValues::mayBePlaceholder);
        } else {
            return value instanceof Map<?, ?> entries
                    && entries.values().stream().anyMatch(UnsentValues::mayBePlaceholder);
        }
    }

    private void awaitVisible(long transaction) {
        try {
            for (long waited = 0; !isVisible(transaction); waited += POLL_MILLIS) {
                if (waited > 0 && waited % WARN_EVERY_MILLIS == 0) {
                    LOG.warn(
                            "Cannot read a row's values that were not sent yet: transaction {} is on the replication stream, but not"
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
                .prepareQueryAndMap(IS_VISIBLE, query -> query.setLong(1, transaction), UnsentValues::firstBoolean);
    }

    private static boolean firstBoolean(ResultSet rows) throws SQLException {
        return rows.next() && rows.getBoolean(1);
    }
}

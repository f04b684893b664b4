package io.millrace.capture.read;

import io.debezium.processors.reselect.ReselectColumnsPostProcessor;
import org.apache.kafka.connect.data.Struct;

/**
 * Reads the values that PostgreSQL leaves out of a changed primary key's second half.
 *
 * <p>PostgreSQL leaves out large values that did not change. The job fills them in from what it knows of the row, but knows
 * the row under its old key, and Debezium makes a delete and a create of a changed key. A create with a value left out is
 * always such a one, and only for these the row is read: what is read is as new as the table, and may be ahead of the event.
 * If the row is gone by then, its delete follows.
 */
public final class RekeyedRows extends ReselectColumnsPostProcessor {

    @Override
    public void apply(Object key, Struct value) {
        if ("c".equals(value.getString("op"))) {
            super.apply(key, value);
        }
    }
}

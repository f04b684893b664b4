package io.millrace.iceberg.table;

import org.apache.iceberg.StructLike;

/**
 * A row in Iceberg's internal representation.
 *
 * @param values one value per column of the table's schema, in its order
 */
@SuppressWarnings("ArrayRecordComponent")
public record ArrayRow(Object[] values) implements StructLike {

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public <V> V get(int position, Class<V> type) {
        return type.cast(values[position]);
    }

    @Override
    public <V> void set(int position, V value) {
        values[position] = value;
    }
}

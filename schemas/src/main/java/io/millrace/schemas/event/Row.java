package io.millrace.schemas.event;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row image: a schema and one value for each of its columns, of the classes that {@link ColumnType} names. */
public final class Row {
    private final RowSchema schema;
    private final @Nullable Object[] values;

    /**
     * Takes ownership of the values: the caller does not change them afterwards.
     *
     * @throws IllegalArgumentException if there are not as many values as columns
     */
    public Row(RowSchema schema, @Nullable Object[] values) {
        if (values.length != schema.columns().size()) {
            throw new IllegalArgumentException("Cannot fit " + values.length + " values into "
                    + schema.columns().size() + " columns");
        }
        this.schema = schema;
        this.values = values;
    }

    public RowSchema schema() {
        return schema;
    }

    /** The value of the column at this place; {@link Unavailable#INSTANCE} if the source did not send it. */
    public @Nullable Object value(int column) {
        return values[column];
    }

    /** Whether a column's value was left out by the source, as PostgreSQL does with unchanged TOAST columns. */
    public boolean hasUnavailable() {
        for (Object value : values) {
            if (value == Unavailable.INSTANCE) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Row that && schema.equals(that.schema) && Arrays.equals(values, that.values));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** Names the columns only: row contents do not belong in logs. */
    @Override
    public String toString() {
        return "Row" + List.copyOf(schema.columns());
    }
}

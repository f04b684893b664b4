package io.millrace.schemas.decode;

import io.millrace.schemas.event.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of a column.
 *
 * @param type the column's type
 * @param nullable whether values may be null
 * @param values reads one value; its result is of the type's class, or null, or
 *     {@link io.millrace.schemas.event.Unavailable}, or {@link Invalid}
 */
record ColumnReader(ColumnType type, boolean nullable, Values values) {

    /** Reads a value off the cursor, and moves the cursor behind it in any case. */
    @FunctionalInterface
    interface Values {
        @Nullable
        Object read(AvroBytes in);
    }

    /** Stands for a value that the column's type cannot hold; never leaves the package. */
    enum Invalid {
        VALUE
    }
}

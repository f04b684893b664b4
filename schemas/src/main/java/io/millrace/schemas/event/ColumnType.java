package io.millrace.schemas.event;

import java.io.Serializable;

/**
 * The type of a column, and with it the Java type of the column's values in a {@link Row}.
 *
 * <p>The value classes are those of Iceberg's internal representation, so that a row is written without conversion.
 */
public sealed interface ColumnType extends Serializable {

    /** A type without parameters. */
    enum Primitive implements ColumnType {
        /** {@link Boolean}. */
        BOOLEAN,
        /** {@link Integer}; also holds 8 and 16 bit integers. */
        INT32,
        /** {@link Long}. */
        INT64,
        /** {@link Float}. */
        FLOAT32,
        /** {@link Double}. */
        FLOAT64,
        /** {@link String}; also holds enums and every type that has no better home. */
        STRING,
        /** {@link java.nio.ByteBuffer}, never written to by its readers. */
        BYTES,
        /** {@link Integer}: days since 1970-01-01. */
        DATE,
        /** {@link Long}: microseconds since midnight; MariaDB's may be negative, and up to 839 hours. */
        TIME,
        /** {@link Long}: microseconds since 1970-01-01T00:00 on a wall clock without zone. */
        TIMESTAMP,
        /** {@link Long}: microseconds since 1970-01-01T00:00Z. */
        TIMESTAMP_TZ,
        /** {@link java.util.UUID}. */
        UUID,
        /** {@link String}: a JSON text. */
        JSON
    }

    /**
     * An exact decimal; values are {@link java.math.BigDecimal} of exactly this scale.
     *
     * @param precision number of digits, at least 1
     * @param scale digits behind the point, from 0 to the precision
     */
    record Decimal(int precision, int scale) implements ColumnType {}

    /**
     * An array of one dimension; values are {@link java.util.List}, elements may be null.
     *
     * @param element the type of the elements
     */
    record Array(ColumnType element) implements ColumnType {}
}

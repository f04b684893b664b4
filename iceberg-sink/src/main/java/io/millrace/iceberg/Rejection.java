package io.millrace.iceberg;

import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Why a change was not written. The change has no effect; all others, also of the same table, flow on.
 *
 * @param table the table that the change belongs to
 * @param reason the kind of the failure, to be counted and grouped by
 * @param message a sentence for people, without the row's contents
 */
public record Rejection(TableIdentifier table, Reason reason, String message) {

    /** The kinds of failure. */
    public enum Reason {
        /** The sink was not told of the table. */
        UNKNOWN_TABLE,
        /** A column cannot become the table's by an additive change of the table's schema. */
        INCOMPATIBLE_SCHEMA,
        /** A key column is missing or null. */
        MISSING_KEY,
        /** A value is null in a required column, or not of its column's type. */
        INVALID_VALUE
    }
}

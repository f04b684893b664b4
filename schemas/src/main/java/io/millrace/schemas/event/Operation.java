package io.millrace.schemas.event;

/** What a change event says happened to its row. */
public enum Operation {
    /** The row was read by a snapshot (Debezium {@code r}, DMS {@code load}). */
    SNAPSHOT,
    /** The row was inserted. */
    INSERT,
    /** The row was updated. */
    UPDATE,
    /** The row was deleted. */
    DELETE
}

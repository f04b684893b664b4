package io.millrace.local.demo.workload;

/** What a statement does to rows. */
public enum RowOperation {
    INSERT,
    UPDATE,
    DELETE,
    /** An update of the primary key: the row is gone under its old key and there under the new one. */
    KEY_CHANGE
}

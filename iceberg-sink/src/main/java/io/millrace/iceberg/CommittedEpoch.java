package io.millrace.iceberg;

/**
 * A snapshot that the sink has added to a table.
 *
 * @param table the table's full name
 * @param epoch the commit's number in the pipeline's history of this table; grows, not without gaps
 * @param checkpointId the checkpoint up to which the table's changes are in it
 * @param snapshotId the snapshot in which the changes are visible
 * @param rowsWritten rows in new data files
 * @param rowsDeleted earlier rows taken away, among them the old versions of updated rows
 * @param committedAtMillis when the commit had succeeded, by the committer's clock
 */
public record CommittedEpoch(
        String table,
        long epoch,
        long checkpointId,
        long snapshotId,
        long rowsWritten,
        long rowsDeleted,
        long committedAtMillis) {}

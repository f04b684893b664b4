package io.millrace.batch.compact.rewrite;

/** How the commit of a group ended. */
public sealed interface CommitOutcome {

    /** How often it was tried. */
    int attempts();

    /**
     * The group is in the table.
     *
     * @param snapshotId the snapshot that brought it
     * @param carriedDeletes rows of the output that were deleted in the inputs meanwhile, and are deleted in this snapshot
     */
    record Landed(long snapshotId, long carriedDeletes, int attempts) implements CommitOutcome {}

    /**
     * The group was given up and its files are deleted; the table is as others have left it.
     *
     * @param reason why, in a few words
     */
    record GivenUp(String reason, int attempts) implements CommitOutcome {}
}

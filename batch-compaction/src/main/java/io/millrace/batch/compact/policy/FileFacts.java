package io.millrace.batch.compact.policy;

import java.time.Instant;
import java.util.Set;

/**
 * What the policy knows of one data file.
 *
 * @param location its address; unique in the table
 * @param bytes its size
 * @param rows the rows in it, deleted ones included
 * @param deletedRows how many of them are deleted; an estimate where one delete file bears on several data files
 * @param deleteFiles the addresses of the delete files that a reader of this file opens
 * @param addedAt when it was committed; {@link Instant#EPOCH} if that is older than the table's history, or if a rewrite brought
 *     it: moving rows is not writing
 * @param touchedAt when it was committed, or rows of it were last deleted; not before {@code addedAt}
 */
public record FileFacts(
        String location,
        long bytes,
        long rows,
        long deletedRows,
        Set<String> deleteFiles,
        Instant addedAt,
        Instant touchedAt) {

    public FileFacts {
        deleteFiles = Set.copyOf(deleteFiles);
        deletedRows = Math.min(rows, deletedRows);
    }

    /** Whether a reader has deletes to apply. */
    public boolean hasDeletes() {
        return !deleteFiles.isEmpty();
    }

    /** The rows that are not deleted. */
    public long liveRows() {
        return rows - deletedRows;
    }

    /** The size that the live rows would have, by their share of all rows. */
    public long liveBytes() {
        return rows == 0 ? 0 : Math.round(bytes * ((rows - deletedRows) / (double) rows));
    }
}

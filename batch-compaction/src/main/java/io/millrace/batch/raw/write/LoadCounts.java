package io.millrace.batch.raw.write;

import static org.apache.spark.sql.functions.col;

import io.millrace.batch.raw.read.LoadedRows;
import java.util.List;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * The books of loads.
 *
 * @param read lines read
 * @param written lines that became rows; of a merge, applied inserts and updates
 * @param deleted deletes that were applied, also of keys that the table did not have
 * @param superseded changes that came with or after a newer one of their key
 * @param duplicates changes that came twice
 * @param deadLettered lines that became dead letters
 * @param dataFiles data files written
 * @param bytes their size
 * @param deleteFiles delete files written
 */
public record LoadCounts(
        long read,
        long written,
        long deleted,
        long superseded,
        long duplicates,
        long deadLettered,
        int dataFiles,
        long bytes,
        int deleteFiles) {

    /** No load. */
    public static final LoadCounts NONE = new LoadCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Counts rows, and what becomes of them if they are merged. */
    static LoadCounts of(Dataset<Row> rows, @Nullable Dataset<Row> decided) {
        long good = 0;
        long bad = 0;
        for (Row row : rows.groupBy(col(LoadedRows.CODE).isNull()).count().collectAsList()) {
            if (row.getBoolean(0)) {
                good = row.getLong(1);
            } else {
                bad = row.getLong(1);
            }
        }
        if (decided == null) {
            return new LoadCounts(good + bad, good, 0, 0, 0, bad, 0, 0, 0);
        }
        long written = 0;
        long deleted = 0;
        long superseded = 0;
        long duplicates = 0;
        for (Row row : decided.groupBy(
                        col(MergePlan.FATE), col(LoadedRows.OPERATION).equalTo("D"))
                .count()
                .collectAsList()) {
            long count = row.getLong(2);
            switch (row.getString(0)) {
                case MergePlan.APPLIED -> {
                    written += row.getBoolean(1) ? 0 : count;
                    deleted += row.getBoolean(1) ? count : 0;
                }
                case MergePlan.DUPLICATE -> duplicates += count;
                default -> superseded += count;
            }
        }
        return new LoadCounts(good + bad, written, deleted, superseded, duplicates, bad, 0, 0, 0);
    }

    /** Lines that have had an effect on the table. */
    public long loaded() {
        return written + deleted;
    }

    /**
     * Makes sure that every line is accounted for.
     *
     * @param surveyed lines counted when the files were looked at
     */
    void requireBalance(long surveyed) {
        if (read != surveyed || read != loaded() + superseded + duplicates + deadLettered) {
            throw new IllegalStateException(
                    "Cannot load: the books do not add up, " + surveyed + " lines looked at, " + this);
        }
    }

    LoadCounts with(List<DataFile> files, List<DeleteFile> deletes) {
        return new LoadCounts(
                read,
                written,
                deleted,
                superseded,
                duplicates,
                deadLettered,
                files.size(),
                files.stream().mapToLong(ContentFile::fileSizeInBytes).sum(),
                deletes.size());
    }

    /** Both together. */
    public LoadCounts plus(LoadCounts that) {
        return new LoadCounts(
                read + that.read,
                written + that.written,
                deleted + that.deleted,
                superseded + that.superseded,
                duplicates + that.duplicates,
                deadLettered + that.deadLettered,
                dataFiles + that.dataFiles,
                bytes + that.bytes,
                deleteFiles + that.deleteFiles);
    }
}

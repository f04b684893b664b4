package io.millrace.batch.compact.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Data files of one partition that are rewritten together and replaced in one commit.
 *
 * <p>The score says what a group gains for what it costs, both in bytes:
 *
 * <pre>
 * saved = (files + delete files - files after) x 4 MB + bytes of deleted rows
 * cost  = bytes read + bytes written + files x 4 MB
 * score = saved / cost
 * </pre>
 *
 * <p>4 MB is what opening a file costs a reader, by Iceberg's own estimate ({@code read.split.open-file-cost}). So
 * {@code saved} is what each later full scan is spared, and many tiny files outrank a few large ones of the same size.
 *
 * @param partition the partition's label
 * @param files the files; at least one
 * @param filesAfter how many files are expected to take their place
 */
public record FileGroup(String partition, List<FileFacts> files, int filesAfter) {
    static final long OPEN_COST = 4L << 20;

    public FileGroup {
        files = List.copyOf(files);
    }

    static FileGroup of(String partition, List<FileFacts> files, long targetFileBytes) {
        long live = files.stream().mapToLong(FileFacts::liveBytes).sum();
        return new FileGroup(partition, files, FileSizes.count(live / (double) targetFileBytes));
    }

    /** Bytes of the data files. */
    public long bytes() {
        return files.stream().mapToLong(FileFacts::bytes).sum();
    }

    /** Bytes that are expected to be written. */
    public long bytesAfter() {
        return files.stream().mapToLong(FileFacts::liveBytes).sum();
    }

    /** Rows that are expected to be written. */
    public long rowsAfter() {
        return files.stream().mapToLong(FileFacts::liveRows).sum();
    }

    /** Deleted rows that a reader no longer reads. */
    public long deletedRows() {
        return files.stream().mapToLong(FileFacts::deletedRows).sum();
    }

    /** Delete files that a reader of this group no longer opens. */
    public int deleteFiles() {
        Set<String> distinct = new HashSet<>();
        files.forEach(file -> distinct.addAll(file.deleteFiles()));
        return distinct.size();
    }

    /** Bytes, opened files counted as {@value #OPEN_COST}, that a full scan is spared from now on. */
    public long savedBytesPerScan() {
        return (files.size() + deleteFiles() - filesAfter) * OPEN_COST + bytes() - bytesAfter();
    }

    /** What the group gains for what it costs; the greater, the earlier. */
    public double score() {
        return savedBytesPerScan() / (double) (bytes() + bytesAfter() + files.size() * OPEN_COST);
    }
}

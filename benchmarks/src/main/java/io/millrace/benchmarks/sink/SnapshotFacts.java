package io.millrace.benchmarks.sink;

import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.io.FileIO;

/**
 * What a commit wrote, and what the table was afterwards.
 *
 * @param addedFiles data and delete files that it added; deletion vectors in one file are one
 * @param addedBytes their size
 * @param records rows in the table's data files, deleted ones included
 * @param bytes size of the table's files
 */
public record SnapshotFacts(long id, long addedFiles, long addedBytes, long records, long bytes) {

    static SnapshotFacts of(Snapshot snapshot, FileIO io) {
        Map<String, String> summary = snapshot.summary();
        return new SnapshotFacts(
                snapshot.snapshotId(),
                Stream.of(snapshot.addedDataFiles(io), snapshot.addedDeleteFiles(io))
                        .flatMap(files -> StreamSupport.stream(files.spliterator(), false))
                        .map(ContentFile::location)
                        .distinct()
                        .count(),
                number(summary, "added-files-size"),
                number(summary, "total-records"),
                number(summary, "total-files-size"));
    }

    private static long number(Map<String, String> summary, String key) {
        return Long.parseLong(summary.getOrDefault(key, "0"));
    }
}

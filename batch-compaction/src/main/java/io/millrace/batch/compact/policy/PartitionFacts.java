package io.millrace.batch.compact.policy;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The data files of one partition; of the whole table, if it is not partitioned.
 *
 * @param label the partition for people, such as {@code day=2026-11-20}
 * @param files its data files; at least one
 */
public record PartitionFacts(String label, List<FileFacts> files) {

    public PartitionFacts {
        files = List.copyOf(files);
    }

    /** When a row was last added or deleted. */
    Instant lastTouched() {
        return files.stream()
                .map(FileFacts::touchedAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    double deleteRatio() {
        long rows = files.stream().mapToLong(FileFacts::rows).sum();
        long deleted = files.stream().mapToLong(FileFacts::deletedRows).sum();
        return rows == 0 ? 0 : deleted / (double) rows;
    }
}

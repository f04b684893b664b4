package io.millrace.batch.compact;

import io.millrace.batch.compact.policy.Census;
import io.millrace.batch.compact.policy.FileGroup;
import io.millrace.batch.compact.rewrite.CommitOutcome;
import io.millrace.batch.compact.upkeep.Upkeep;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run did to a table.
 *
 * @param table its full name
 * @param groups what became of each group of the plan, in the order in which they ended
 * @param before what a full scan found before the run
 * @param after what it finds now
 * @param abandonedFiles files of earlier, killed runs that were deleted
 * @param upkeep what was tidied up
 * @param took the time for all of it
 */
record TableResult(
        String table,
        List<GroupResult> groups,
        Census before,
        Census after,
        long abandonedFiles,
        Upkeep.Done upkeep,
        Duration took) {

    /**
     * What became of a group.
     *
     * @param group the group
     * @param outcome how its commit ended; null if the rewrite failed
     * @param filesWritten data files that took the group's place
     * @param bytesWritten their size
     * @param took the time for all of it, waiting for other commits included
     * @param failure why the rewrite failed; null if it did not
     */
    record GroupResult(
            FileGroup group,
            @Nullable CommitOutcome outcome,
            int filesWritten,
            long bytesWritten,
            Duration took,
            @Nullable String failure) {

        boolean landed() {
            return outcome instanceof CommitOutcome.Landed;
        }

        String text() {
            if (outcome instanceof CommitOutcome.GivenUp givenUp) {
                return "given up: " + givenUp.reason();
            }
            return failure == null ? "done" : "failed: " + failure;
        }
    }

    boolean failed() {
        return upkeep.failure() != null || groups.stream().anyMatch(group -> group.failure() != null);
    }

    long bytesRead() {
        return groups.stream().mapToLong(group -> group.group().bytes()).sum();
    }

    long bytesWritten() {
        return groups.stream().mapToLong(GroupResult::bytesWritten).sum();
    }

    /** Bytes written by groups that did not get into the table. */
    long bytesThrownAway() {
        return groups.stream()
                .filter(group -> !group.landed())
                .mapToLong(GroupResult::bytesWritten)
                .sum();
    }

    long savedBytesPerScan() {
        return groups.stream()
                .filter(GroupResult::landed)
                .mapToLong(group -> group.group().savedBytesPerScan())
                .sum();
    }
}

package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Cost;
import java.util.List;

/**
 * What writing a history took.
 *
 * @param load the first round: every row once
 * @param rounds each round of upserts, the commit of the one before included
 * @param settling from the last round's checkpoint to the end of its commit
 * @param metadata the address of the table's metadata at the end
 * @param snapshots the table's snapshots, oldest first
 * @param residentBytes the most physical memory that the process has had
 */
public record WriteResult(
        Cost load,
        List<Cost> rounds,
        Cost settling,
        String metadata,
        List<SnapshotFacts> snapshots,
        long residentBytes) {

    /** The upserts as a whole. */
    Cost upserting() {
        return rounds.stream().reduce(settling, Cost::plus);
    }

    /** The snapshot after the load and so many rounds. */
    SnapshotFacts after(int commits) {
        return snapshots.get(commits);
    }
}

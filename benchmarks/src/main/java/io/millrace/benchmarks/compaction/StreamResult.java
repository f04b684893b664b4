package io.millrace.benchmarks.compaction;

/**
 * What a stream did while tables were compacted.
 *
 * @param changes changes that the source emitted, all of which the last commit has
 * @param changesPerSecond how many in a second, from the first checkpoint on
 * @param checkpoints checkpoints that completed
 * @param failedCheckpoints checkpoints that did not, after the first that did
 * @param longestCheckpointSeconds the time of the slowest
 */
record StreamResult(
        long changes,
        double changesPerSecond,
        long checkpoints,
        long failedCheckpoints,
        double longestCheckpointSeconds) {}

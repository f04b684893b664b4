package io.millrace.benchmarks.compaction;

/**
 * What a stream did while tables were compacted.
 *
 * @param changes changes that the source emitted, all of which the last commit has
 * @param seconds for how long
 * @param checkpoints checkpoints that completed
 * @param failedCheckpoints checkpoints that did not
 * @param longestCheckpointSeconds the time of the slowest
 */
record StreamResult(
        long changes, double seconds, long checkpoints, long failedCheckpoints, double longestCheckpointSeconds) {}

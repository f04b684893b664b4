package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Cost;

/**
 * The key index, measured.
 *
 * @param keys rows of the table
 * @param load what writing them took
 * @param checkpointBytes size of a whole checkpoint
 * @param liveBytes RocksDB's estimate of the data that is live
 * @param fileBytes size of RocksDB's files on disk
 * @param entries RocksDB's estimate of its entries
 * @param restoreSeconds from a task's start to its first row, from the checkpoint
 * @param rescaleSeconds the same with one subtask more
 * @param bootstrapSeconds the same without state: the index is built from the table
 */
public record StateResult(
        long keys,
        Cost load,
        long checkpointBytes,
        long liveBytes,
        long fileBytes,
        long entries,
        double restoreSeconds,
        double rescaleSeconds,
        double bootstrapSeconds) {}

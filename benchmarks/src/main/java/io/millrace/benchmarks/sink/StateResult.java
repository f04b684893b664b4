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
 * @param restore from a task's start to its first row, from the checkpoint; processor time from the job's start
 * @param rescale the same with one subtask more
 * @param bootstrap the same without state: the index is built from the table
 */
public record StateResult(
        long keys,
        Cost load,
        long checkpointBytes,
        long liveBytes,
        long fileBytes,
        long entries,
        Cost restore,
        Cost rescale,
        Cost bootstrap) {}

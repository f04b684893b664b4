package io.millrace.benchmarks.compaction;

/**
 * One run of a compaction.
 *
 * @param seconds its time, starting Spark included
 * @param committed commits that got into the table
 * @param failed commits that did not, with the work behind them
 * @param attempts how often commits were tried in all
 * @param bytesWritten what was written
 * @param bytesThrownAway the part of it that got into no snapshot
 * @param carriedDeletes deleted rows that were carried over
 * @param outcome how it ended, in a few words
 */
public record CompactionRun(
        double seconds,
        int committed,
        int failed,
        int attempts,
        long bytesWritten,
        long bytesThrownAway,
        long carriedDeletes,
        String outcome) {}

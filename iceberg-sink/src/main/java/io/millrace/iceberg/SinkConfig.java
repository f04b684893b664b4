package io.millrace.iceberg;

import java.io.Serializable;
import java.time.Duration;

/**
 * The settings of the sink that are not about a single table.
 *
 * @param targetFileBytes a data file is closed when it has about this size; default 128 MB
 * @param bufferBytes changes that a writer subtask holds in memory before it writes them out, by estimate; default 64 MB
 * @param openFiles data files that a writer subtask keeps open at once; more partitions than this are written one after
 *     the other; default 16
 * @param indexCacheBytes memory in which a writer subtask keeps the locations that were written last; 0 for none; default
 *     64 MB
 * @param commitTimeout how long a commit is tried again before the job fails and restarts; default 1 minute
 * @param commitInterval the least time between two commits to a table; default zero: with every checkpoint
 */
record SinkConfig(
        long targetFileBytes,
        long bufferBytes,
        int openFiles,
        long indexCacheBytes,
        Duration commitTimeout,
        Duration commitInterval)
        implements Serializable {

    static final SinkConfig DEFAULT =
            new SinkConfig(128L << 20, 64L << 20, 16, 64L << 20, Duration.ofMinutes(1), Duration.ZERO);

    SinkConfig {
        if (targetFileBytes <= 0
                || bufferBytes <= 0
                || openFiles <= 0
                || indexCacheBytes < 0
                || commitTimeout.isNegative()
                || commitTimeout.isZero()) {
            throw new IllegalArgumentException("Cannot use sink settings that are not positive: target file "
                    + targetFileBytes + " bytes, buffer " + bufferBytes + " bytes, open files " + openFiles
                    + ", index cache " + indexCacheBytes + " bytes, commit timeout " + commitTimeout);
        }
        if (commitInterval.isNegative()) {
            throw new IllegalArgumentException("Cannot use a commit interval before zero: " + commitInterval
                    + ". Give the least time between two commits, or zero to commit with every checkpoint.");
        }
    }

    SinkConfig withTargetFileBytes(long bytes) {
        return new SinkConfig(bytes, bufferBytes, openFiles, indexCacheBytes, commitTimeout, commitInterval);
    }

    SinkConfig withBufferBytes(long bytes) {
        return new SinkConfig(targetFileBytes, bytes, openFiles, indexCacheBytes, commitTimeout, commitInterval);
    }

    SinkConfig withOpenFiles(int count) {
        return new SinkConfig(targetFileBytes, bufferBytes, count, indexCacheBytes, commitTimeout, commitInterval);
    }

    SinkConfig withIndexCacheBytes(long bytes) {
        return new SinkConfig(targetFileBytes, bufferBytes, openFiles, bytes, commitTimeout, commitInterval);
    }

    SinkConfig withCommitTimeout(Duration timeout) {
        return new SinkConfig(targetFileBytes, bufferBytes, openFiles, indexCacheBytes, timeout, commitInterval);
    }

    SinkConfig withCommitInterval(Duration interval) {
        return new SinkConfig(targetFileBytes, bufferBytes, openFiles, indexCacheBytes, commitTimeout, interval);
    }
}

package io.millrace.iceberg.flink;

import io.millrace.iceberg.commit.TableCommitter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** The committer's numbers in Flink's metrics. */
final class CommitMetrics {
    private final Counter commits;
    private final Counter rows;
    private final Counter deletes;
    private final Counter dataFiles;
    private final Counter deleteFiles;
    private final Counter bytes;
    private final Counter movedRows;
    private volatile long lastCommitMillis;

    CommitMetrics(MetricGroup operator) {
        MetricGroup group = operator.addGroup("icebergUpsert");
        commits = group.counter("commits");
        rows = group.counter("rowsWritten");
        deletes = group.counter("rowsDeleted");
        dataFiles = group.counter("dataFiles");
        deleteFiles = group.counter("deleteFiles");
        bytes = group.counter("bytesWritten");
        movedRows = group.counter("movedRows");
        group.gauge("lastCommitMillis", () -> lastCommitMillis);
    }

    synchronized void committed(TableCommitter.Landed landed, long millis) {
        commits.inc();
        rows.inc(landed.rowsWritten());
        deletes.inc(landed.rowsDeleted());
        dataFiles.inc(landed.dataFiles());
        deleteFiles.inc(landed.deleteFiles());
        bytes.inc(landed.bytes());
        movedRows.inc(landed.movedRows());
        lastCommitMillis = millis;
    }
}

package io.millrace.iceberg.flink;

import io.millrace.iceberg.commit.TableCommitter;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** The committer's numbers in Flink's metrics, for each table; commits of several tables may end at once. */
final class CommitMetrics {
    private static final int COMMITS_IN_HISTOGRAM = 1000;

    private final MetricGroup group;
    private final Map<String, TableNumbers> tables = new HashMap<>();
    private volatile long waitingReports;
    private volatile long waitingBytes;

    CommitMetrics(MetricGroup operator) {
        group = operator.addGroup("icebergUpsert");
        group.gauge("waitingReports", () -> waitingReports);
        group.gauge("waitingReportBytes", () -> waitingBytes);
    }

    private static final class TableNumbers {
        private final Counter attempts;
        private final Counter commits;
        private final Counter rows;
        private final Counter deletes;
        private final Counter dataFiles;
        private final Counter deleteFiles;
        private final Counter bytes;
        private final Counter movedRows;
        private final Histogram millis;
        private volatile long lastMillis;
        private volatile long lastRows;
        private volatile long lastDeletes;
        private volatile long lastFiles;
        private volatile long lastBytes;
        private volatile long lastEpoch;

        TableNumbers(MetricGroup table) {
            attempts = table.counter("commitAttempts");
            commits = table.counter("commits");
            rows = table.counter("rowsWritten");
            deletes = table.counter("rowsDeleted");
            dataFiles = table.counter("dataFiles");
            deleteFiles = table.counter("deleteFiles");
            bytes = table.counter("bytesWritten");
            movedRows = table.counter("movedRows");
            millis = table.histogram("commitMillis", new DescriptiveStatisticsHistogram(COMMITS_IN_HISTOGRAM));
            table.gauge("lastCommitMillis", () -> lastMillis);
            table.gauge("lastCommitRows", () -> lastRows);
            table.gauge("lastCommitDeletes", () -> lastDeletes);
            table.gauge("lastCommitFiles", () -> lastFiles);
            table.gauge("lastCommitBytes", () -> lastBytes);
            table.gauge("lastEpoch", () -> lastEpoch);
        }
    }

    /** A commit is tried, for the first time or again. */
    synchronized void attempted(String table) {
        of(table).attempts.inc();
    }

    synchronized void committed(String table, long epoch, TableCommitter.Landed landed, long millis) {
        TableNumbers numbers = of(table);
        numbers.commits.inc();
        numbers.rows.inc(landed.rowsWritten());
        numbers.deletes.inc(landed.rowsDeleted());
        numbers.dataFiles.inc(landed.dataFiles());
        numbers.deleteFiles.inc(landed.deleteFiles());
        numbers.bytes.inc(landed.bytes());
        numbers.movedRows.inc(landed.movedRows());
        numbers.millis.update(millis);
        numbers.lastMillis = millis;
        numbers.lastRows = landed.rowsWritten();
        numbers.lastDeletes = landed.rowsDeleted();
        numbers.lastFiles = landed.dataFiles() + landed.deleteFiles();
        numbers.lastBytes = landed.bytes();
        numbers.lastEpoch = epoch;
    }

    /** What a checkpoint keeps for later commits. */
    void waiting(long reports, long bytes) {
        waitingReports = reports;
        waitingBytes = bytes;
    }

    private TableNumbers of(String table) {
        return tables.computeIfAbsent(table, name -> new TableNumbers(group.addGroup("table", name)));
    }
}

package io.millrace.local.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.millrace.local.demo.freshness.Percentiles;
import io.millrace.local.iceberg.IcebergFiles;
import io.millrace.local.status.Accounting;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a demo has shown; {@code report.json} in its data directory.
 *
 * @param equal whether every row and column of the source is in both targets and nothing else is
 * @param caughtUp whether the targets caught up with the source in time
 * @param sourceRows rows of the source
 * @param icebergRows rows of the Iceberg tables
 * @param opensearchDocs documents of the indexes
 * @param mismatches rows that differ, counted in each target
 * @param changesCommitted row changes that the workload committed
 * @param changesCaptured changes on the stream, with the rows of the first snapshot
 * @param eventsPerSecond row changes committed in a second, on average
 * @param freshnessMs from a row's change to the moment in which it can be found, by target
 * @param secondsToStart from the launcher's start until every component was healthy
 * @param secondsToFirstRow from the launcher's start until a row was visible in a target; null if none was
 * @param secondsToCatchUp from the workload's end until the targets had caught up
 * @param icebergFiles files of all Iceberg tables, as a reader finds them at the end
 * @param accounting what became of every record, by source and table; null if the job did not tell
 * @param accountedFor whether everything received was applied, superseded, a duplicate, a dead letter or no row's change
 * @param workload what the workload did
 * @param tables each table, by its name
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record DemoReport(
        boolean equal,
        boolean caughtUp,
        long sourceRows,
        long icebergRows,
        long opensearchDocs,
        long mismatches,
        long changesCommitted,
        long changesCaptured,
        double eventsPerSecond,
        Map<String, Percentiles> freshnessMs,
        double secondsToStart,
        @Nullable Double secondsToFirstRow,
        double secondsToCatchUp,
        IcebergFiles icebergFiles,
        @Nullable Accounting accounting,
        boolean accountedFor,
        WorkloadReport workload,
        Map<String, TableReport> tables) {

    /** What the workload did, and what it was asked for. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record WorkloadReport(long seed, double rate, double seconds, long transactions, long rollbacks, long refused) {}

    /** The same for one table; without files if it has no Iceberg table. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TableReport(
            long sourceRows,
            long icebergRows,
            long opensearchDocs,
            long mismatches,
            long changesCommitted,
            Map<String, Long> changesByOperation,
            long changesCaptured,
            double eventsPerSecond,
            Map<String, Percentiles> freshnessMs,
            @Nullable IcebergFiles icebergFiles) {}
}

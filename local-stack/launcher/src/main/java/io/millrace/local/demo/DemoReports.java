package io.millrace.local.demo;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.local.demo.DemoReport.TableReport;
import io.millrace.local.demo.DemoReport.WorkloadReport;
import io.millrace.local.demo.freshness.FreshnessProbe;
import io.millrace.local.demo.freshness.Percentiles;
import io.millrace.local.demo.workload.LogisticsTable;
import io.millrace.local.demo.workload.RowOperation;
import io.millrace.local.demo.workload.WorkloadCounts;
import io.millrace.local.iceberg.IcebergFiles;
import io.millrace.local.reconcile.TableResult;
import io.millrace.local.reconcile.TargetResult;
import io.millrace.local.status.Accounting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts together what a demo has measured. */
final class DemoReports {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private DemoReports() {}

    static DemoReport make(
            DemoConfig config,
            WorkloadCounts counts,
            Map<String, Long> captured,
            FreshnessProbe probe,
            List<TableResult> results,
            Map<String, IcebergFiles> files,
            @Nullable Accounting accounting,
            Duration start,
            Duration catchUp,
            boolean caughtUp) {
        Map<String, TableReport> tables = new LinkedHashMap<>();
        for (TableResult result : results) {
            String table = withoutSource(result.table());
            tables.put(table, table(table, result, counts, captured, probe, files.get(table)));
        }
        long mismatches = results.stream().mapToLong(TableResult::mismatches).sum();
        Instant firstRow = probe.firstRow();
        return new DemoReport(
                mismatches == 0,
                caughtUp,
                tables.values().stream().mapToLong(TableReport::sourceRows).sum(),
                tables.values().stream().mapToLong(TableReport::icebergRows).sum(),
                tables.values().stream().mapToLong(TableReport::opensearchDocs).sum(),
                mismatches,
                counts.changes(),
                captured.values().stream().mapToLong(Long::longValue).sum(),
                rounded(counts.rate()),
                Map.of(
                        "opensearch",
                        probe.opensearch().total(),
                        "iceberg",
                        probe.iceberg().total()),
                seconds(start),
                firstRow == null ? null : seconds(Duration.between(config.started(), firstRow)),
                seconds(catchUp),
                IcebergFiles.sum(files.values()),
                accounting,
                accounting != null && accounting.addsUp() && accounting.total().received() > 0,
                new WorkloadReport(
                        config.seed(),
                        config.rate(),
                        seconds(counts.elapsed()),
                        counts.transactions(),
                        counts.rollbacks(),
                        counts.refused()),
                tables);
    }

    private static TableReport table(
            String name,
            TableResult result,
            WorkloadCounts counts,
            Map<String, Long> captured,
            FreshnessProbe probe,
            @Nullable IcebergFiles files) {
        long committed = 0;
        Map<String, Long> byOperation = new TreeMap<>();
        for (LogisticsTable table : LogisticsTable.values()) {
            if (table.qualifiedName().equals(name)) {
                committed = counts.changes(table);
                for (RowOperation operation : RowOperation.values()) {
                    byOperation.put(operation.name().toLowerCase(Locale.ROOT), counts.changes(table, operation));
                }
            }
        }
        Map<String, Percentiles> freshness = new TreeMap<>();
        freshness.put("opensearch", probe.opensearch().of(name));
        freshness.put("iceberg", probe.iceberg().of(name));
        return new TableReport(
                result.targets().stream()
                        .mapToLong(TargetResult::sourceRows)
                        .max()
                        .orElse(0),
                rows(result, "iceberg"),
                rows(result, "opensearch"),
                result.mismatches(),
                committed,
                byOperation,
                captured.getOrDefault(name, 0L),
                rounded(committed / Math.max(1e-9, counts.elapsed().toNanos() / 1e9)),
                freshness,
                files);
    }

    private static long rows(TableResult result, String target) {
        return result.targets().stream()
                .filter(each -> each.target().equals(target))
                .mapToLong(TargetResult::targetRows)
                .sum();
    }

    static void write(DemoReport report, Path file) throws IOException {
        JSON.writeValue(file.toFile(), report);
    }

    /** A table's full name begins with its source's name. */
    private static String withoutSource(String table) {
        return table.substring(table.indexOf('.') + 1);
    }

    private static double seconds(Duration duration) {
        return rounded(duration.toMillis() / 1000.0);
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}

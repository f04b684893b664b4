package io.millrace.local.demo;

import io.millrace.local.demo.freshness.Percentiles;
import io.millrace.local.demo.workload.WorkloadConfig;
import io.millrace.local.reconcile.ResultText;
import io.millrace.local.reconcile.TableResult;
import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.StackConfig;
import io.millrace.local.status.Accounting;
import io.millrace.local.status.StatusText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a demo says at its end. */
final class DemoSummary {
    private static final double ENOUGH = 0.95;

    private DemoSummary() {}

    static List<String> lines(DemoReport report, List<TableResult> results, DemoConfig config) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(ResultText.lines(results, 5));
        lines.add("");
        lines.add(
                "  %,d row changes in %,d transactions committed, %.0f a second%s; %,d changes captured, snapshot and warm-up included"
                        .formatted(
                                report.changesCommitted(),
                                report.workload().transactions(),
                                report.eventsPerSecond(),
                                report.eventsPerSecond() < ENOUGH * config.rate()
                                        ? " (asked for %.0f: the machine could not keep up)".formatted(config.rate())
                                        : "",
                                report.changesCaptured()));
        lines.add("  first row visible %s s after the start; targets caught up %s s after the last change"
                .formatted(text(report.secondsToFirstRow()), text(report.secondsToCatchUp())));
        lines.add("  freshness  OpenSearch  " + text(report.freshnessMs().get("opensearch")));
        lines.add("             Iceberg     " + text(report.freshnessMs().get("iceberg")));
        lines.add("");
        Accounting accounting = report.accounting();
        if (accounting != null) {
            lines.addAll(StatusText.table(accounting));
        }
        lines.add(
                report.accountedFor()
                        ? "  every record is accounted for"
                        : "  NOT EVERY RECORD IS ACCOUNTED FOR: received is not applied + superseded + duplicate"
                                + " + dead-lettered + control");
        lines.add("");
        lines.add("mismatches: " + report.mismatches()
                + (report.equal() ? ". Source, Iceberg and OpenSearch are equal." : ". THEY ARE NOT EQUAL."));
        lines.add("report: " + Demo.reportFile(config.stack().data()));
        if (!report.equal()) {
            lines.add("Look at the logs in " + config.stack().logs()
                    + ", and run the demo with --stay to look at the tables and indexes themselves.");
        }
        return lines;
    }

    /** What to look at while everything stays up, and how. */
    static List<String> suggestions(Endpoints endpoints, StackConfig config) {
        List<String> lines = new ArrayList<>();
        Map<String, Endpoints.ComponentEndpoint> components = endpoints.components();
        lines.add("  Flink web UI     " + address(components, "flink")
                + "  the job, its operators, checkpoints and metrics");
        lines.add("  OpenSearch       " + address(components, "opensearch")
                + "/shipments/_search?pretty&q=status:delivered");
        endpoints.sources().forEach((name, source) -> {
            if (source.database() != null) {
                lines.add("  source           %s?user=%s&password=%s"
                        .formatted(
                                source.database().jdbcUrl(),
                                source.database().user(),
                                source.database().password()));
                lines.add("                   "
                        + (name.equals(WorkloadConfig.HELPDESK)
                                ? "UPDATE tickets SET subject = 'Hello' WHERE ticket_id = 1"
                                : "UPDATE customers SET notes = 'Hello' WHERE customer_id = 1"));
            }
        });
        lines.add("  Iceberg catalog  %s, user %s, password %s; warehouse on S3 at %s"
                .formatted(
                        endpoints.catalog().jdbcUrl(),
                        endpoints.catalog().user(),
                        endpoints.catalog().password(),
                        address(components, "s3")));
        lines.add("  S3               access key %s, secret key %s, region %s"
                .formatted(
                        endpoints.credentials().accessKey(),
                        endpoints.credentials().secretKey(),
                        endpoints.credentials().region()));
        lines.add("  logs             " + config.logs());
        lines.add("  all addresses    " + config.endpointsFile());
        lines.add("  compare again    ./millrace reconcile --pipeline " + config.pipelineFile() + " --data "
                + config.data());
        return lines;
    }

    private static String address(Map<String, Endpoints.ComponentEndpoint> components, String name) {
        Endpoints.ComponentEndpoint process = components.get(name);
        return process == null ? "?" : process.address();
    }

    private static String text(@Nullable Double seconds) {
        return seconds == null ? "?" : String.format(Locale.ROOT, "%.1f", seconds);
    }

    private static String text(@Nullable Percentiles percentiles) {
        return percentiles == null || percentiles.count() == 0
                ? "not measured"
                : String.format(
                        Locale.ROOT,
                        "p50 %.1f s   p95 %.1f s   max %.1f s   (%,d row versions)",
                        percentiles.p50() / 1000.0,
                        percentiles.p95() / 1000.0,
                        percentiles.max() / 1000.0,
                        percentiles.count());
    }
}

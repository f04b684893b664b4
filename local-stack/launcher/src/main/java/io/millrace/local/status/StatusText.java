package io.millrace.local.status;

import io.millrace.local.iceberg.IcebergFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A stack's status for people. */
public final class StatusText {

    private StatusText() {}

    /**
     * Lines to print.
     *
     * @param now what ages are counted to
     */
    public static List<String> lines(StackStatus status, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add("Pipeline %s, data in %s"
                .formatted(status.endpoints().pipeline(), status.endpoints().data()));
        lines.add("");
        lines.add(
                "  %-20s %-9s %-32s %8s %9s %8s".formatted("COMPONENT", "STATE", "ADDRESS", "PID", "FOR", "RESTARTS"));
        status.endpoints()
                .components()
                .forEach((name, component) -> lines.add("  %-20s %-9s %-32s %8s %9s %8d"
                        .formatted(
                                name,
                                component.state(),
                                component.address(),
                                component.pid() == 0 ? "-" : component.pid(),
                                age(Instant.parse(component.since()), now),
                                component.restarts())));
        lines.add("");
        status.captures()
                .forEach((name, capture) -> lines.add("  %s: %s, %,d changes captured%s"
                        .formatted(
                                name,
                                capture.state(),
                                capture.total(),
                                capture.lagMs() == null
                                        ? ""
                                        : ", " + milliseconds(capture.lagMs()) + " behind the source")));
        JobStatus job = status.job();
        lines.add(job == null ? "  job: does not answer" : "  job: " + describe(job, now));
        Accounting accounting = status.accounting();
        if (accounting != null && !accounting.sources().isEmpty()) {
            lines.add("");
            lines.addAll(table(accounting));
            lines.add("");
        }
        if (status.volumes() != null) {
            status.volumes()
                    .forEach((source, tables) -> tables.forEach((table, volume) ->
                            lines.add("  %s %s: %s, %,d changes in the last minute, %,d on average before"
                                    .formatted(
                                            source,
                                            table,
                                            volume.verdict() == TableVolume.Verdict.USUAL
                                                    ? "usual volume"
                                                    : volume.verdict() + " changes",
                                            volume.changesPerMinute(),
                                            volume.usualChangesPerMinute()))));
        }
        Map<String, IcebergFiles> files = status.icebergFiles();
        if (files != null) {
            files.forEach((table, counts) ->
                    lines.add("  %s: %,d data files, %,d with position deletes, %,d deletion vectors%s"
                            .formatted(
                                    table,
                                    counts.data(),
                                    counts.positionDelete(),
                                    counts.deletionVector(),
                                    counts.equalityDelete() == 0
                                            ? ""
                                            : ", %,d with equality deletes".formatted(counts.equalityDelete()))));
        }
        return lines;
    }

    /** What became of every record, a line a table. */
    public static List<String> table(Accounting accounting) {
        List<String> lines = new ArrayList<>();
        lines.add("  %-34s %11s %11s %11s %11s %13s %9s"
                .formatted("RECORDS OF", "RECEIVED", "APPLIED", "SUPERSEDED", "DUPLICATE", "DEAD-LETTERED", "CONTROL"));
        accounting
                .sources()
                .forEach((source, tables) ->
                        tables.forEach((table, account) -> lines.add("  %-34s %,11d %,11d %,11d %,11d %,13d %,9d%s"
                                .formatted(
                                        source + " " + table,
                                        account.received(),
                                        account.applied(),
                                        account.superseded(),
                                        account.duplicate(),
                                        account.deadLettered(),
                                        account.control(),
                                        account.underWay() == 0
                                                ? ""
                                                : "  (%,d under way)".formatted(account.underWay())))));
        return lines;
    }

    private static String describe(JobStatus job, Instant now) {
        String text = "%s, %,d records read%s, %d checkpoints"
                .formatted(
                        job.state().toLowerCase(Locale.ROOT),
                        job.recordsIn(),
                        job.behindLatestMs() == null
                                ? ""
                                : ", " + milliseconds(job.behindLatestMs()) + " behind the stream",
                        job.checkpoints());
        if (job.lastCheckpoint() != null) {
            text += ", the last %s ago".formatted(age(Instant.ofEpochMilli(job.lastCheckpoint()), now));
        }
        if (job.failedCheckpoints() > 0) {
            text += ", %d failed".formatted(job.failedCheckpoints());
        }
        return job.restarts() > 0 ? text + ", restarted %d times".formatted(job.restarts()) : text;
    }

    private static String milliseconds(long millis) {
        return millis < 1000 ? millis + " ms" : "%.1f s".formatted(millis / 1000.0);
    }

    static String age(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        if (age.isNegative()) {
            return "0 s";
        }
        if (age.toMinutes() < 2) {
            return age.toSeconds() + " s";
        }
        return age.toHours() < 2 ? age.toMinutes() + " min" : age.toHours() + " h";
    }
}

package io.millrace.benchmarks.compaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was measured, and the part of the page that tells it.
 *
 * @param sink who wrote the tables
 * @param files small files that each table began with
 * @param rows rows in them
 * @param deletes rows of them that were deleted
 * @param rate upserts a second
 * @param checkpointMillis between the stream's commits
 * @param targetBytes the size that files should have
 * @param contenders each compaction
 */
record CompactionReport(
        StreamSink sink,
        int files,
        long rows,
        long deletes,
        double rate,
        long checkpointMillis,
        long targetBytes,
        List<ContenderResult> contenders) {

    /** Markdown. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%s: %,d files with %,d rows, of which %,d are deleted; at most %,.0f changes a second in one of the partitions, committed"
                        + " every %.0f s; target %,d MB.",
                capitalized(sink.title()), files, rows, deletes, rate, checkpointMillis / 1e3, targetBytes >> 20));
        lines.add("");
        lines.add(
                "| | runs | commits | lost | attempts | deletes carried | written | of it thrown away | first run | median run |");
        lines.add("|---|---|---|---|---|---|---|---|---|---|");
        contenders.forEach(result -> lines.add(runs(result)));
        lines.add("");
        lines.add(
                "After the first run, in the partitions that nobody writes to; and the stream, until the last run had ended:");
        lines.add("");
        lines.add(
                "| | files | off target | sizes | delete files | changes | changes/s | checkpoints | failed | slowest | differences |");
        lines.add("|---|---|---|---|---|---|---|---|---|---|---|");
        contenders.forEach(result -> lines.add(after(result)));
        return lines;
    }

    private static String runs(ContenderResult result) {
        List<CompactionRun> runs = result.runs();
        List<Double> seconds =
                runs.stream().map(CompactionRun::seconds).sorted().toList();
        return format(
                "| %s | %d | %d | %d | %d | %,d | %,d MB | %,d MB | %.0f s | %.0f s |",
                result.contender().title(),
                runs.size(),
                runs.stream().mapToInt(CompactionRun::committed).sum(),
                runs.stream().mapToInt(CompactionRun::failed).sum(),
                runs.stream().mapToInt(CompactionRun::attempts).sum(),
                runs.stream().mapToLong(CompactionRun::carriedDeletes).sum(),
                runs.stream().mapToLong(CompactionRun::bytesWritten).sum() >> 20,
                runs.stream().mapToLong(CompactionRun::bytesThrownAway).sum() >> 20,
                runs.get(0).seconds(),
                seconds.get(seconds.size() / 2));
    }

    private static String after(ContenderResult result) {
        return format(
                "| %s | %,d | %,d | %,d–%,d MB | %,d | %,d | %,.0f | %,d | %,d | %.1f s | %,d |",
                result.contender().title(),
                result.coldDays().files(),
                result.coldDays().offTarget(),
                result.coldDays().smallest() >> 20,
                result.coldDays().largest() >> 20,
                result.coldDays().deleteFiles(),
                result.stream().changes(),
                result.stream().changesPerSecond(),
                result.stream().checkpoints(),
                result.stream().failedCheckpoints(),
                result.stream().longestCheckpointSeconds(),
                result.differences());
    }

    private static String capitalized(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

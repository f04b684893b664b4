package io.millrace.local.demo.progress;

import io.millrace.local.demo.freshness.Percentiles;
import io.millrace.local.demo.progress.Figures.TableFigures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts figures into words and bars. Remembers the last ones, for rates. */
public final class Dashboard {
    private static final int BAR = 30;
    private static final double NANOS = 1e9;

    private final Sparkline captured = new Sparkline(40);
    private final Sparkline opensearch = new Sparkline(40);
    private final Sparkline iceberg = new Sparkline(40);
    private TableFigures last = new TableFigures("all", 0, 0, 0);
    private long lastNanos;
    private double rate;

    /** Takes in new figures. */
    public void update(Figures figures, long nanos) {
        TableFigures sum = figures.sum();
        double seconds = (nanos - lastNanos) / NANOS;
        if (lastNanos != 0 && seconds > 0) {
            rate = Math.max(0, (sum.captured() - last.captured()) / seconds);
            captured.add(rate);
            opensearch.add(figures.opensearch().p50());
            iceberg.add(figures.iceberg().p50());
        }
        last = sum;
        lastNanos = nanos;
    }

    /** A block of lines for a terminal. */
    public List<String> block(Figures figures) {
        List<String> lines = new ArrayList<>();
        lines.add("  " + figures.phase() + "  " + bar(figures) + "  " + seconds(figures.elapsed())
                + (figures.total().isZero() ? "" : " of " + seconds(figures.total())));
        lines.add("");
        lines.add(row("", "captured", "in OpenSearch", "in Iceberg"));
        for (TableFigures table : figures.tables()) {
            lines.add(row(table.table(), count(table.captured()), count(table.searchable()), count(table.inIceberg())));
        }
        TableFigures sum = figures.sum();
        lines.add(row("all", count(sum.captured()), count(sum.searchable()), count(sum.inIceberg())));
        lines.add("");
        lines.add("  %-24s %-40s %s changes/s".formatted("captured", captured, count(Math.round(rate))));
        lines.add("  %-24s %-40s %s".formatted("OpenSearch behind by", opensearch, age(figures.opensearch())));
        lines.add("  %-24s %-40s %s".formatted("Iceberg behind by", iceberg, age(figures.iceberg())));
        return lines;
    }

    /** One line, for a log. */
    public String line(Figures figures) {
        TableFigures sum = figures.sum();
        return "  %s %s  committed %s  captured %s (%s/s)  in OpenSearch %s (behind by %s)  in Iceberg %s (behind by %s)"
                .formatted(
                        figures.phase(),
                        seconds(figures.elapsed()),
                        count(figures.committed()),
                        count(sum.captured()),
                        count(Math.round(rate)),
                        count(sum.searchable()),
                        age(figures.opensearch()),
                        count(sum.inIceberg()),
                        age(figures.iceberg()));
    }

    private static String row(String name, String captured, String searchable, String inIceberg) {
        return "  %-24s %14s %14s %14s".formatted(name, captured, searchable, inIceberg);
    }

    private static String bar(Figures figures) {
        if (figures.total().isZero()) {
            return "";
        }
        double part = Math.min(
                1, (double) figures.elapsed().toMillis() / figures.total().toMillis());
        int full = (int) Math.round(part * BAR);
        return "█".repeat(full) + "░".repeat(BAR - full);
    }

    private static String age(Percentiles percentiles) {
        return percentiles.count() == 0 ? "–" : "%.1f s".formatted(percentiles.p50() / 1000.0);
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}

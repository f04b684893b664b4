package io.millrace.local.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts results into words. Keys are told, values are not. */
public final class ResultText {
    private static final int MOST_KEY_CHARS = 80;

    private ResultText() {}

    /**
     * A table of counts, then the first differences.
     *
     * @param most how many differences to tell of each target
     */
    public static List<String> lines(List<TableResult> results, int most) {
        List<String> lines = new ArrayList<>();
        lines.add(row("table", "target", "source", "target", "missing", "extra", "changed", "twice", "read"));
        for (TableResult table : results) {
            for (TargetResult target : table.targets()) {
                lines.add(row(
                        table.table(),
                        target.target(),
                        count(target.sourceRows()),
                        count(target.targetRows()),
                        count(target.count(Difference.Kind.MISSING)),
                        count(target.count(Difference.Kind.EXTRA)),
                        count(target.count(Difference.Kind.CHANGED)),
                        count(target.count(Difference.Kind.DUPLICATE)),
                        count(target.rowsRead())));
            }
        }
        results.forEach(table -> lines.add(reading(table)));
        results.forEach(table -> table.targets().forEach(target -> lines.addAll(differences(table, target, most))));
        return lines;
    }

    /** How a table was compared, and what that took. */
    private static String reading(TableResult table) {
        StringBuilder line = new StringBuilder("  ")
                .append(table.table())
                .append(" by ")
                .append(table.method())
                .append(", source at ")
                .append(table.position())
                .append("; bytes read: source ")
                .append(count(table.sourceBytes()));
        table.targets()
                .forEach(target ->
                        line.append(", ").append(target.target()).append(' ').append(count(target.bytes())));
        return line.toString();
    }

    private static List<String> differences(TableResult table, TargetResult target, int most) {
        List<String> lines = new ArrayList<>();
        for (Difference difference : target.differences().stream().limit(most).toList()) {
            lines.add("  %s in %s: %s %s%s"
                    .formatted(
                            difference.kind().name().toLowerCase(Locale.ROOT),
                            target.target(),
                            table.table(),
                            key(difference.key()),
                            difference.columns().isEmpty()
                                    ? ""
                                    : ", columns " + String.join(", ", difference.columns())));
        }
        long more = target.mismatches() - Math.min(most, target.differences().size());
        if (more > 0) {
            lines.add("  and %s more in %s: %s".formatted(count(more), target.target(), table.table()));
        }
        return lines;
    }

    static String key(List<String> values) {
        String key = String.join(" | ", values);
        return key.length() <= MOST_KEY_CHARS ? key : key.substring(0, MOST_KEY_CHARS) + "…";
    }

    private static String row(Object... cells) {
        return "  %-34s %-11s %10s %10s %8s %8s %8s %8s %10s".formatted(cells);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}

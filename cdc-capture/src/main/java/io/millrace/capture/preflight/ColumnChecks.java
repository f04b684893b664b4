package io.millrace.capture.preflight;

import io.millrace.schemas.pipeline.Bound;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Whether the columns that rules and masks name are there, and of types that the rules can look at. */
public final class ColumnChecks {
    private ColumnChecks() {}

    /** What rules tell apart of columns' types. */
    public enum Kind {
        NUMBER,
        /** A date, or a date with a time. */
        MOMENT,
        ARRAY,
        OTHER
    }

    /**
     * What is wrong, each problem with its key in the pipeline file.
     *
     * @param columns the table's columns, in order
     * @param kinds what kinds of values they have, unless the pipeline file declares their types; without those of which
     *     that is not known
     */
    public static List<String> problems(TableRoute route, Collection<String> columns, Map<String, Kind> kinds) {
        Quality quality = route.quality();
        String name = route.table().qualifiedName();
        List<String> problems = new ArrayList<>();
        for (String column : new TreeSet<>(quality.masks().keySet())) {
            if (!columns.contains(column)) {
                problems.add("Cannot mask column of " + quality.place() + ".masks." + column + ": "
                        + hasNone(name, column, columns));
            }
        }
        for (int i = 0; i < quality.rules().size(); i++) {
            if (quality.rules().get(i) instanceof Rule.OfColumn rule) {
                String key = quality.place() + ".rules[" + i + "]";
                problem(rule, route, columns, kinds)
                        .ifPresent(
                                what -> problems.add("Cannot check rule " + key + " (" + rule.name() + "): " + what));
            }
        }
        return problems;
    }

    private static Optional<String> problem(
            Rule.OfColumn rule, TableRoute route, Collection<String> columns, Map<String, Kind> kinds) {
        String name = route.table().qualifiedName();
        if (!columns.contains(rule.column())) {
            return Optional.of(hasNone(name, rule.column(), columns));
        }
        Kind kind = kinds.get(rule.column());
        if (kind == null || route.columns().containsKey(rule.column())) {
            return Optional.empty();
        }
        String wanted = null;
        if (rule instanceof Rule.Matches && kind == Kind.ARRAY) {
            wanted = "no array";
        } else if (rule instanceof Rule.Range range) {
            Bound bound = range.min() == null ? range.max() : range.min();
            if (bound instanceof Bound.Number && kind != Kind.NUMBER) {
                wanted = "numbers, as its bounds are";
            } else if (bound instanceof Bound.Moment && kind != Kind.MOMENT) {
                wanted = "dates or timestamps, as its bounds are";
            }
        }
        return wanted == null
                ? Optional.empty()
                : Optional.of(
                        "column " + rule.column() + " of table " + name + " has other values; it needs " + wanted);
    }

    private static String hasNone(String name, String column, Collection<String> columns) {
        return "table " + name + " has no column " + column + ". It has " + String.join(", ", columns)
                + "; names are case-sensitive";
    }
}

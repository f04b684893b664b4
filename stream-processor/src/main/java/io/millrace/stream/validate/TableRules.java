package io.millrace.stream.validate;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.pipeline.Rule;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one table that look at one row at a time.
 *
 * <p>A value that the source left out, as it did not change, keeps every rule: it was looked at when it was written.
 */
public final class TableRules {
    /** A bound on memory; a table has far fewer schemas at a time. */
    private static final int MOST_SCHEMAS = 1024;

    private final List<Rule.OfColumn> rules;
    private final Map<RowSchema, Plan> plans = new IdentityHashMap<>();

    private record Check(Rule.OfColumn rule, int place, Column column, Predicate<@Nullable Object> keeps) {}

    /**
     * The checks of rows of one schema.
     *
     * @param problems the rules that cannot be checked, each with why
     */
    private record Plan(List<Check> checks, List<String> problems) {}

    public TableRules(List<Rule.OfColumn> rules) {
        this.rules = List.copyOf(rules);
    }

    /** The rules that a row breaks, in the order of the file. */
    public List<Violation> violations(Row row) {
        List<Violation> violations = List.of();
        for (Check check : plan(row.schema()).checks) {
            Object value = row.value(check.place);
            if (value != Unavailable.INSTANCE && !check.keeps.test(value)) {
                if (violations.isEmpty()) {
                    violations = new ArrayList<>();
                }
                violations.add(new Violation(check.rule, ValueClass.of(check.column.type(), value)));
            }
        }
        return violations;
    }

    /** Why some rules cannot be checked of rows of this schema; the same list for every row of it. */
    public List<String> problems(RowSchema schema) {
        return plan(schema).problems;
    }

    private Plan plan(RowSchema schema) {
        Plan plan = plans.get(schema);
        if (plan == null) {
            plan = compile(schema);
            if (plans.size() == MOST_SCHEMAS) {
                plans.clear();
            }
            plans.put(schema, plan);
        }
        return plan;
    }

    private Plan compile(RowSchema schema) {
        List<Check> checks = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Rule.OfColumn rule : rules) {
            int place = schema.indexOf(rule.column());
            if (place < 0) {
                problems.add("Cannot check rule " + rule.name() + ": the rows have no column " + rule.column()
                        + ". Correct the rules in the pipeline file");
                continue;
            }
            Column column = schema.columns().get(place);
            Optional<Predicate<@Nullable Object>> keeps = ColumnCheck.of(rule, column.type());
            if (keeps.isEmpty()) {
                problems.add("Cannot check rule " + rule.name() + ": column " + rule.column() + " is of type "
                        + column.type() + ". Correct the rules in the pipeline file");
            } else {
                checks.add(new Check(rule, place, column, keeps.get()));
            }
        }
        return new Plan(List.copyOf(checks), List.copyOf(problems));
    }
}

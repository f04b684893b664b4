package io.millrace.schemas.decode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The plans of one table's rows, by the fields that their records have. */
final class JsonRowPlans {
    /** A bound on memory. Records that leave out null columns have many combinations of fields, and few that are usual. */
    private static final int MOST = 1000;

    private final Function<List<String>, JsonRowPlan> compile;
    private final Map<List<String>, JsonRowPlan> plans = new HashMap<>();
    private List<String> lastFields = List.of();
    private @Nullable JsonRowPlan last;

    JsonRowPlans(Function<List<String>, JsonRowPlan> compile) {
        this.compile = compile;
    }

    /** Makes a row of a record's fields; null if there are none. */
    EnvelopeChanges.@Nullable Image image(JsonFields fields) {
        return fields.isPresent() ? plan(fields.names()).image(fields) : null;
    }

    private JsonRowPlan plan(List<String> fields) {
        JsonRowPlan plan = last;
        if (plan == null || fields != lastFields) {
            plan = plans.get(fields);
            if (plan == null) {
                if (plans.size() == MOST) {
                    plans.clear();
                }
                plan = compile.apply(fields);
                plans.put(fields, plan);
            }
            last = plan;
            lastFields = fields;
        }
        return plan;
    }

    /** Forgets all plans, as what they are made from has changed. */
    void clear() {
        plans.clear();
        last = null;
    }
}

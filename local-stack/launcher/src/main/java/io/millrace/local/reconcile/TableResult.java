package io.millrace.local.reconcile;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * How the targets of a table compare with it.
 *
 * @param table the source table's full name
 * @param targets one result a target
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TableResult(String table, List<TargetResult> targets) {

    /** Rows that differ, in all targets. */
    public long mismatches() {
        return targets.stream().mapToLong(TargetResult::mismatches).sum();
    }
}

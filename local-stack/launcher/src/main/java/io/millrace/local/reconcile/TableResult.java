package io.millrace.local.reconcile;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * How the targets of a table compare with it.
 *
 * @param table the source table's full name
 * @param method {@value #CHECKSUMS} if only rows whose checksums differed were read, else {@value #ROWS}
 * @param position where the source was read: the log position of its database, as the database writes it
 * @param sourceBytes bytes that came from the source
 * @param targets one result a target
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TableResult(String table, String method, String position, long sourceBytes, List<TargetResult> targets) {
    static final String CHECKSUMS = "checksums";
    static final String ROWS = "rows";

    /** Rows that differ, in all targets. */
    public long mismatches() {
        return targets.stream().mapToLong(TargetResult::mismatches).sum();
    }
}

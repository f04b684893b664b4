package io.millrace.local.reconcile;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * A row in which a target differs from the source.
 *
 * @param kind how
 * @param key the texts of the key's values
 * @param columns the names of the columns that differ, of a {@link Kind#CHANGED} row
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Difference(Kind kind, List<String> key, List<String> columns) {

    /** How a row differs. */
    public enum Kind {
        /** The source has it, the target has not. */
        MISSING,
        /** The target has it, the source has not. */
        EXTRA,
        /** Both have it, with different values. */
        CHANGED,
        /** The target has it more than once. */
        DUPLICATE
    }
}

package io.millrace.stream.validate;

import io.millrace.schemas.pipeline.Rule;

/**
 * A value that breaks a rule.
 *
 * @param rule the rule
 * @param valueClass what the value is like, without telling it
 */
public record Violation(Rule.OfColumn rule, String valueClass) {

    /** Why the change is refused or reported: the same words for every value of one class. */
    public String reason() {
        return "Cannot accept value of column " + rule.column() + ": it breaks rule " + rule.name() + ", as it is "
                + valueClass;
    }
}

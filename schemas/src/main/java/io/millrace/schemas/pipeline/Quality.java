package io.millrace.schemas.pipeline;

import io.millrace.schemas.mask.Mask;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a table's changes must be like, and what of them is hidden.
 *
 * @param masks the masks by the names of their columns
 * @param rules the rules, in the order of the file
 * @param place the key of the table in the file, such as {@code tables[2]}; empty if it is from no file
 */
public record Quality(Map<String, Mask> masks, List<Rule> rules, String place) implements Serializable {

    /** Masks and rules from no file. */
    public Quality(Map<String, Mask> masks, List<Rule> rules) {
        this(masks, rules, "");
    }

    /** No masks and no rules. */
    public static final Quality NONE = new Quality(Map.of(), List.of());

    /** The rules of one kind. */
    public <R extends Rule> List<R> rules(Class<R> kind) {
        return rules.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}

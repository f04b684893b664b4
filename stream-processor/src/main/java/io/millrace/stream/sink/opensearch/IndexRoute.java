package io.millrace.stream.sink.opensearch;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * Which index has the rows of a source table.
 *
 * @param index the index's name
 * @param renames columns that the source has renamed: the new name to the one before
 */
public record IndexRoute(String index, Map<String, String> renames) implements Serializable {

    /** Takes a copy that travels to the task managers. */
    public IndexRoute {
        renames = new HashMap<>(renames);
    }
}

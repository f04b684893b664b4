package io.millrace.iceberg;

import java.io.Serializable;
import java.util.Map;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the sink of tables that were not known when it was built: they exist in the catalog before their first change comes
 * (see {@link SchemaGate}), with properties that say what they are.
 */
public interface TableDiscovery extends Serializable {

    /** Whether a table's name is one that such a table could have; others are not even loaded. */
    boolean mayBe(TableIdentifier table);

    /**
     * The definition of a table; null if it is none of the caller's. Called before the table's keys are read.
     *
     * @param properties the table's own
     */
    @Nullable
    UpsertTable define(TableIdentifier table, Map<String, String> properties);
}

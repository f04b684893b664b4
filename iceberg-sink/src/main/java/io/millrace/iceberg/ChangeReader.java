package io.millrace.iceberg;

import java.io.Serializable;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the sink how to read the caller's changes, so that they need not be copied into a type of the sink's own.
 *
 * @param <T> a change of one row: either "the row is now this" or "the row is gone"
 * @param <K> the key by which the stream of changes is keyed: table and row
 */
public interface ChangeReader<T, K> extends Serializable {

    /** The table that the change belongs to. */
    TableIdentifier table(T change);

    /** Whether the row is gone; {@link #schema} and {@link #value} are then not called. */
    boolean isDelete(T change);

    /**
     * The row's columns as the change has them. Columns are matched with the table's by name, field ids do not matter.
     * Changes of one schema must return the same instance, as the sink compares by identity first.
     */
    Schema schema(T change);

    /**
     * A column's value in Iceberg's internal representation ({@link org.apache.iceberg.types.Type.TypeID#javaClass()}).
     *
     * @param column the column's place in {@link #schema}
     */
    @Nullable
    Object value(T change, int column);

    /**
     * The key of a row that is in the table already, equal to the key that a change of this row has in the stream. Called by
     * several threads at once.
     *
     * @param keySchema the table's key columns, in their order; more columns may follow
     * @param keyValues their values, in Iceberg's internal representation
     */
    K keyOf(TableIdentifier table, Schema keySchema, StructLike keyValues);
}

package io.millrace.iceberg.index;

import org.jspecify.annotations.Nullable;

/**
 * Key to location, for the keys of this subtask.
 *
 * @param <K> table and row
 */
public interface KeyIndex<K> {

    /** Where the key's row was last known, or null. */
    @Nullable
    RowLocation get(K key);

    void put(K key, RowLocation location);

    /** Puts a location and returns the one before, or null: cheaper than both steps by themselves. */
    @Nullable
    RowLocation exchange(K key, RowLocation location);

    void remove(K key);

    /** Whether changes of this key come to this subtask; only such keys may be asked for or put. */
    boolean owns(K key);
}

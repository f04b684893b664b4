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

    /**
     * The part of the index that the key belongs to, from 0 to {@link #groups()} exclusive. Keys that are asked for group by
     * group, and in their order within one, find their neighbours still in the caches.
     */
    int group(K key);

    int groups();

    /** Whether changes of this key come to this subtask; only such keys may be asked for or put. */
    boolean owns(K key);
}

package io.millrace.iceberg.flink;

import io.millrace.iceberg.index.KeyIndex;
import io.millrace.iceberg.index.RowLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.jspecify.annotations.Nullable;

/** The index in Flink's keyed state. Leaves the operator's current key at the key it was last asked for. */
final class KeyedStateIndex<K> implements KeyIndex<K> {
    private final Consumer<K> currentKey;
    private final ValueState<RowLocation> locations;
    private final KeyGroupRange owned;
    private final int maxParallelism;

    KeyedStateIndex(
            Consumer<K> currentKey, ValueState<RowLocation> locations, KeyGroupRange owned, int maxParallelism) {
        this.currentKey = currentKey;
        this.locations = locations;
        this.owned = owned;
        this.maxParallelism = maxParallelism;
    }

    @Override
    public @Nullable RowLocation get(K key) {
        currentKey.accept(key);
        try {
            return locations.value();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the index", e);
        }
    }

    @Override
    public void put(K key, RowLocation location) {
        currentKey.accept(key);
        update(location);
    }

    @Override
    public @Nullable RowLocation exchange(K key, RowLocation location) {
        RowLocation earlier = get(key);
        update(location);
        return earlier;
    }

    private void update(RowLocation location) {
        try {
            locations.update(location);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the index", e);
        }
    }

    @Override
    public void remove(K key) {
        currentKey.accept(key);
        locations.clear();
    }

    @Override
    public int group(K key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism) - owned.getStartKeyGroup();
    }

    @Override
    public int groups() {
        return owned.getNumberOfKeyGroups();
    }

    @Override
    public boolean owns(K key) {
        return owned.contains(KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism));
    }
}

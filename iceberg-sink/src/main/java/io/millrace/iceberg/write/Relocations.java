package io.millrace.iceberg.write;

import io.millrace.iceberg.index.KeyIndex;
import io.millrace.iceberg.index.RowLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a flush does to the index: keys with the rows' new locations, or with none. Gathered first and applied in the index's
 * own order, as neighbours share blocks and processor caches; each key comes once, so that the order means nothing else.
 */
final class Relocations<K> {
    private static final long REMOVED = -1;

    private final KeyIndex<K> index;
    private final List<K> keys;
    private long[] files;
    private long[] positions;

    Relocations(KeyIndex<K> index, int expected) {
        this.index = index;
        this.keys = new ArrayList<>(expected);
        this.files = new long[expected];
        this.positions = new long[expected];
    }

    /** Takes a key and the location that it had before, or null. */
    @FunctionalInterface
    interface EarlierConsumer<K> {
        void accept(K key, @Nullable RowLocation earlier);
    }

    void put(K key, long file, long position) {
        if (keys.size() == files.length) {
            int larger = Math.max(16, 2 * files.length);
            files = Arrays.copyOf(files, larger);
            positions = Arrays.copyOf(positions, larger);
        }
        files[keys.size()] = file;
        positions[keys.size()] = position;
        keys.add(key);
    }

    void remove(K key) {
        put(key, REMOVED, 0);
    }

    void apply(EarlierConsumer<K> earlier) {
        for (int i : byGroup()) {
            K key = keys.get(i);
            if (files[i] == REMOVED) {
                earlier.accept(key, index.get(key));
                index.remove(key);
            } else {
                earlier.accept(key, index.exchange(key, new RowLocation(files[i], positions[i])));
            }
        }
    }

    /** Counting sort: keeps the order of the rows, which is that of the key columns, within a group. */
    private int[] byGroup() {
        int[] group = new int[keys.size()];
        int[] next = new int[index.groups() + 1];
        for (int i = 0; i < group.length; i++) {
            group[i] = index.group(keys.get(i));
            next[group[i] + 1]++;
        }
        for (int g = 1; g < next.length; g++) {
            next[g] += next[g - 1];
        }
        int[] order = new int[group.length];
        for (int i = 0; i < group.length; i++) {
            order[next[group[i]]++] = i;
        }
        return order;
    }
}

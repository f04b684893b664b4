package io.millrace.iceberg.write;

import io.millrace.iceberg.table.ArrayRow;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The last change of each key since the last flush; earlier ones never become rows. */
final class ChangeBuffer<K> {
    private static final int KEY_AND_ENTRY_BYTES = 200;

    private final Map<K, Optional<ArrayRow>> changes = new HashMap<>();
    private long bytes;

    void upsert(K key, ArrayRow row, int rowBytes) {
        if (changes.put(key, Optional.of(row)) == null) {
            bytes += KEY_AND_ENTRY_BYTES;
        }
        // A replaced row's bytes stay counted: the estimate errs on the safe side.
        bytes += rowBytes;
    }

    void delete(K key) {
        if (changes.put(key, Optional.empty()) == null) {
            bytes += KEY_AND_ENTRY_BYTES;
        }
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    int size() {
        return changes.size();
    }

    long bytes() {
        return bytes;
    }

    /** Hands out every key with its row, or with nothing if the row is gone, and forgets them. */
    void drain(BiConsumer<K, Optional<ArrayRow>> consumer) {
        changes.forEach(consumer);
        changes.clear();
        bytes = 0;
    }
}

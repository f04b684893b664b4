package io.millrace.stream.sequence;

import io.millrace.schemas.event.RowKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Remembers keys in maps, for ever. */
final class MapMemory {
    private final Map<RowKey, KeyHistory> histories = new HashMap<>();
    private final Map<RowKey, KeptValues> values = new HashMap<>();
    private final Map<RowKey, Set<Long>> identities = new HashMap<>();

    KeyMemory of(RowKey key) {
        return new KeyMemory() {
            @Override
            public @Nullable KeyHistory history() {
                return histories.get(key);
            }

            @Override
            public @Nullable KeptValues keptValues() {
                return values.get(key);
            }

            @Override
            public boolean saw(long identity) {
                return identities.getOrDefault(key, Set.of()).contains(identity);
            }
        };
    }

    void remember(RowKey key, Outcome.Applied applied) {
        histories.put(key, applied.history());
        applied.kept().ifPresentOrElse(kept -> values.put(key, kept), () -> values.remove(key));
        applied.identity()
                .ifPresent(identity ->
                        identities.computeIfAbsent(key, k -> new HashSet<>()).add(identity));
    }
}

package io.millrace.iceberg.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.iceberg.index.KeyIndex;
import io.millrace.iceberg.index.RowLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RelocationsTest {
    private final Map<String, RowLocation> state = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    /** Keys begin with their group. */
    private final class State implements KeyIndex<String> {
        @Override
        public @Nullable RowLocation get(String key) {
            asked.add(key);
            return state.get(key);
        }

        @Override
        public void put(String key, RowLocation location) {
            state.put(key, location);
        }

        @Override
        public @Nullable RowLocation exchange(String key, RowLocation location) {
            asked.add(key);
            return state.put(key, location);
        }

        @Override
        public void remove(String key) {
            state.remove(key);
        }

        @Override
        public int group(String key) {
            return key.charAt(0) - '0';
        }

        @Override
        public int groups() {
            return 4;
        }

        @Override
        public boolean owns(String key) {
            return true;
        }
    }

    @Test
    void appliesGroupByGroupInTheOrderOfTheRowsAndHandsOutWhereRowsWere() {
        RowLocation before = new RowLocation(7, 70);
        state.put("1b", before);
        state.put("3a", before);
        Relocations<String> relocations = new Relocations<>(new State(), 1);
        relocations.remove("3a");
        relocations.put("1a", 8, 0);
        relocations.put("3b", 8, 1);
        relocations.put("0c", 8, 2);
        relocations.put("1b", 9, 0);
        Map<String, @Nullable RowLocation> earlier = new HashMap<>();
        relocations.apply(earlier::put);
        assertThat(asked).containsExactly("0c", "1a", "1b", "3a", "3b");
        assertThat(earlier).hasSize(5).containsEntry("1b", before).containsEntry("3a", before);
        assertThat(earlier.get("1a")).isNull();
        assertThat(state)
                .isEqualTo(Map.of(
                        "0c", new RowLocation(8, 2),
                        "1a", new RowLocation(8, 0),
                        "3b", new RowLocation(8, 1),
                        "1b", new RowLocation(9, 0)));
    }
}

package io.millrace.iceberg.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentKeysTest {
    /** Of 1,024 keys. */
    private static final long SMALLEST = 32 << 10;

    private final Map<Integer, RowLocation> state = new HashMap<>();
    private int lookUps;

    private final class State implements KeyIndex<Integer> {
        @Override
        public @Nullable RowLocation get(Integer key) {
            lookUps++;
            return state.get(key);
        }

        @Override
        public void put(Integer key, RowLocation location) {
            state.put(key, location);
        }

        @Override
        public @Nullable RowLocation exchange(Integer key, RowLocation location) {
            lookUps++;
            return state.put(key, location);
        }

        @Override
        public void remove(Integer key) {
            state.remove(key);
        }

        @Override
        public int group(Integer key) {
            return 0;
        }

        @Override
        public int groups() {
            return 1;
        }

        @Override
        public boolean owns(Integer key) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void saysWhatAMapWouldSayAndKeepsTheStateComplete(long seed) {
        Random random = new Random(seed);
        RecentKeys<Integer> index = new RecentKeys<>(new State(), IntSerializer.INSTANCE, SMALLEST);
        Map<Integer, RowLocation> model = new HashMap<>();
        for (int step = 0; step < 50_000; step++) {
            int key = random.nextInt(4_000);
            RowLocation location = new RowLocation(random.nextInt(9), step);
            switch (random.nextInt(4)) {
                case 0 -> assertThat(index.get(key)).isEqualTo(model.get(key));
                case 1 -> assertThat(index.exchange(key, location)).isEqualTo(model.put(key, location));
                case 2 -> {
                    index.put(key, location);
                    model.put(key, location);
                }
                default -> {
                    index.remove(key);
                    model.remove(key);
                }
            }
            assertThat(state.get(key)).as("seed %d, step %d", seed, step).isEqualTo(model.get(key));
        }
        assertThat(state).isEqualTo(model);
    }

    @Test
    void growsUntilItHasItsSizeAndKeepsMostOfWhatFits() {
        RecentKeys<Integer> index = new RecentKeys<>(new State(), IntSerializer.INSTANCE, 32 * SMALLEST);
        int half = 16 * 1024;
        for (int round = 0; round < 2; round++) {
            for (int key = 0; key < half; key++) {
                index.exchange(key, new RowLocation(1, round));
            }
        }
        // Sets are small, so some overflow at half of the size, and a round trip is the worst that can happen to those.
        assertThat(lookUps).isBetween(half, half + half / 5);
    }

    @Test
    void aKeyChangedAgainAndAgainIsLookedUpOnce() {
        RecentKeys<Integer> index = new RecentKeys<>(new State(), IntSerializer.INSTANCE, SMALLEST);
        for (int step = 0; step < 10_000; step++) {
            index.exchange(-1, new RowLocation(1, step));
            index.exchange(step, new RowLocation(2, step));
            index.exchange(-1, new RowLocation(3, step));
        }
        assertThat(lookUps).isEqualTo(10_001);
    }

    @Test
    void remembersNothingWithoutMemory() {
        RecentKeys<Integer> index = new RecentKeys<>(new State(), IntSerializer.INSTANCE, 0);
        index.put(1, new RowLocation(1, 1));
        assertThat(index.get(1)).isEqualTo(new RowLocation(1, 1));
        assertThat(lookUps).isEqualTo(1);
    }
}

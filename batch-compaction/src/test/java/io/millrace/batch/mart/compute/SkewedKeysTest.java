package io.millrace.batch.mart.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SkewedKeysTest {

    @Test
    void keyWithMoreThanATasksShareIsSpreadOverTwiceItsShares() {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("hub", 300L);
        rows.put("branch", 60L);
        rows.put("shop", 49L);

        assertThat(SkewedKeys.of(rows, 1_000, 20)).containsExactly(Map.entry("hub", 12), Map.entry("branch", 3));
    }

    @Test
    void keyIsSpreadOverNoMorePartsThanThereAreTasks() {
        assertThat(SkewedKeys.of(Map.of("hub", 900L), 1_000, 8)).containsExactly(Map.entry("hub", 8));
    }

    @Test
    void evenKeysAreNotSkewed() {
        assertThat(SkewedKeys.of(Map.of("a", 10L, "b", 10L), 1_000, 8)).isEmpty();
        assertThat(SkewedKeys.of(Map.of(), 0, 8)).isEmpty();
    }
}

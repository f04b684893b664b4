package io.millrace.stream.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EventTimeSampleTest {
    private final EventTimeSample sample = new EventTimeSample();

    @Test
    void fewAreAllPicked() {
        List.of(7L, 3L, 9L, 3L).forEach(sample::offer);

        assertThat(sample.drain()).startsWith(3L).containsExactlyInAnyOrder(3L, 3L, 7L, 9L);
        assertThat(sample.drain()).isEmpty();
    }

    /** Also of a stream that rises: the middle of what is picked is about the middle of what was offered. */
    @Test
    void ofManyTheEarliestAndAFairPick() {
        for (int round = 0; round < 3; round++) {
            sample.offer(-5);
            for (long i = 0; i < 100_000; i++) {
                sample.offer(i);
            }

            List<Long> picked = sample.drain();

            assertThat(picked).hasSizeBetween(64, 65).startsWith(-5L);
            assertThat(picked.stream().mapToLong(Long::longValue).average().orElseThrow())
                    .isBetween(35_000.0, 65_000.0);
        }
    }
}

package io.millrace.stream.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingSamplesTest {

    @Test
    void aCommitTakesItsCheckpointAndEarlierOnesOfItsTable() {
        WaitingSamples waiting = new WaitingSamples();
        CommitSample first = new CommitSample("shop.public.orders", "shop.orders", 1, List.of(1_000L));
        CommitSample second = new CommitSample("shop.public.orders", "shop.orders", 2, List.of(2_000L));
        CommitSample third = new CommitSample("shop.public.orders", "shop.orders", 3, List.of(3_000L));
        CommitSample other = new CommitSample("shop.public.items", "shop.items", 1, List.of(500L));
        List.of(first, second, third, other).forEach(waiting::add);

        assertThat(waiting.committed("shop.orders", 2)).containsExactly(first, second);
        assertThat(waiting.committed("shop.orders", 3)).containsExactly(third);
        assertThat(waiting.committed("shop.items", 3)).containsExactly(other);
        assertThat(waiting.committed("shop.unknown", 3)).isEmpty();
    }
}

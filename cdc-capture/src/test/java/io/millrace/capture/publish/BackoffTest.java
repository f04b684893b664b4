package io.millrace.capture.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void waitsDoubleUpToTheCeiling() {
        Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofMillis(300));
        assertThat(new long[] {
                    backoff.after(1).toMillis(),
                    backoff.after(2).toMillis(),
                    backoff.after(3).toMillis(),
                    backoff.after(4).toMillis(),
                    backoff.after(1000).toMillis()
                })
                .containsExactly(50, 100, 200, 300, 300);
    }
}

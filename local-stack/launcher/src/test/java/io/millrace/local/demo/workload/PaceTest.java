package io.millrace.local.demo.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void spreadsChangesEvenly() {
        Pace pace = new Pace(10, 0);
        pace.made(5);

        assertThat(pace.nanosToWait(0)).isEqualTo(SECOND / 2);
    }

    @Test
    void catchesUpWithAShortStall() {
        Pace pace = new Pace(10, 0);
        pace.made(5);

        assertThat(pace.nanosToWait(SECOND)).isEqualTo(-SECOND / 2);
    }

    @Test
    void forgetsWhatALongStallLeftBehind() {
        Pace pace = new Pace(10, 0);

        assertThat(pace.nanosToWait(60 * SECOND)).isEqualTo(-SECOND);
    }
}

package io.millrace.stream.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SilenceClockTest {
    private final SilenceClock clock = new SilenceClock();

    @Test
    void knowsNoTimeBeforeAnybodyTells() {
        clock.fallsSilent(1_000);

        assertThat(clock.millis(900_000)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void standsStillWhileEventsAreToCome() {
        clock.heard(500);

        assertThat(clock.millis(900_000)).isEqualTo(500);
    }

    @Test
    void goesOnWithTheWallClockInSilence() {
        clock.heard(500);
        clock.fallsSilent(10_000);
        clock.fallsSilent(20_000);

        assertThat(clock.millis(70_000)).isEqualTo(60_500);
    }

    @Test
    void doesNotGoBackWhenEventsComeAgain() {
        clock.heard(500);
        clock.fallsSilent(10_000);
        clock.endsSilence(20_000);
        clock.heard(700);

        assertThat(clock.millis(90_000)).isEqualTo(10_500);
        clock.heard(20_000);
        assertThat(clock.millis(90_000)).isEqualTo(20_000);
    }
}

package io.millrace.stream.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FutureGuardTest {
    private static final long NOW = 1_000_000_000;

    private final FutureGuard guard = new FutureGuard(Duration.ofMinutes(5));

    @Test
    void takesWhatWasCommittedBeforeItArrived() {
        assertThat(guard.excessMillis(NOW - 2000, NOW - 1000, NOW)).isNotPositive();
    }

    @Test
    void takesAClockThatIsALittleAhead() {
        assertThat(guard.excessMillis(NOW + 299_000, NOW, NOW)).isNotPositive();
    }

    @Test
    void refusesAClockThatIsFarAhead() {
        assertThat(guard.excessMillis(NOW + 301_000, NOW, NOW)).isEqualTo(1_000);
    }

    @Test
    void judgesAStreamThatIsReadAgainMuchLaterAsAtFirst() {
        long arrival = NOW - Duration.ofDays(10).toMillis();

        assertThat(guard.excessMillis(arrival + Duration.ofDays(1).toMillis(), arrival, NOW))
                .isPositive();
    }

    @Test
    void doesNotTakeAnArrivalInTheFutureForAnExcuse() {
        long ahead = NOW + Duration.ofDays(1).toMillis();

        assertThat(guard.excessMillis(ahead, ahead, NOW)).isPositive();
    }

    @Test
    void holdsAgainstNowWhereTheTransportTellsNoArrival() {
        assertThat(guard.excessMillis(NOW + 301_000, 0, NOW)).isPositive();
        assertThat(guard.excessMillis(NOW, 0, NOW)).isNotPositive();
    }
}

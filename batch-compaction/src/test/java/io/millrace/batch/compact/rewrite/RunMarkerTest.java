package io.millrace.batch.compact.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.compact.rewrite.RunMarker.Sign;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunMarkerTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant STARTED = NOW.minus(Duration.ofHours(1));
    private static final Sign SIGN = new Sign("here", 42, STARTED, NOW);

    @Test
    void aRunIsOverWhenItsProcessIsGone() {
        assertThat(SIGN.isOver(NOW, "here", pid -> Optional.empty())).isTrue();
        assertThat(SIGN.isOver(NOW, "here", pid -> Optional.of(STARTED.plusSeconds(7))))
                .as("another process has its id")
                .isTrue();
    }

    @Test
    void aRunThatSpeaksIsNotOver() {
        assertThat(SIGN.isOver(NOW, "here", pid -> Optional.of(STARTED))).isFalse();
        assertThat(SIGN.isOver(NOW.plus(Duration.ofMinutes(9)), "elsewhere", pid -> Optional.empty()))
                .as("processes elsewhere cannot be seen")
                .isFalse();
    }

    @Test
    void aRunThatIsSilentForTenMinutesIsOver() {
        assertThat(SIGN.isOver(NOW.plus(Duration.ofMinutes(11)), "elsewhere", pid -> Optional.empty()))
                .isTrue();
    }

    @Test
    void thisProcessIsNotOver() {
        assertThat(Sign.now(NOW).isOver(NOW)).isFalse();
    }
}

package io.millrace.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.exceptions.ValidationException;
import org.junit.jupiter.api.Test;

class CommitRetryTest {
    private final List<Duration> pauses = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private int attempts;

    private final CommitRetry retry = new CommitRetry(Duration.ofSeconds(30), () -> now, pause -> {
        pauses.add(pause);
        now = now.plus(pause);
    });

    @Test
    void triesAgainAtGrowingIntervals() {
        String result = retry.run("test", () -> {
            attempts++;
            if (attempts < 4) {
                throw new IllegalStateException("not yet");
            }
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(pauses).containsExactly(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200));
    }

    @Test
    void givesUpWithTheLastFailureWhenTheTimeIsOver() {
        assertThatThrownBy(() -> retry.run("test", () -> {
                    attempts++;
                    throw new IllegalStateException("attempt " + attempts);
                }))
                .hasMessage("attempt " + attempts);
        assertThat(now).isBetween(Instant.EPOCH.plusSeconds(30), Instant.EPOCH.plusSeconds(36));
    }

    @Test
    void doesNotRepeatWhatCannotSucceed() {
        assertThatThrownBy(() -> retry.run("test", () -> {
                    attempts++;
                    throw new ValidationException("wrong");
                }))
                .isInstanceOf(ValidationException.class);
        assertThat(attempts).isEqualTo(1);
    }
}

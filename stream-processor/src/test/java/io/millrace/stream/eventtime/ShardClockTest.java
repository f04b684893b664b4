package io.millrace.stream.eventtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShardClockTest {
    private final ShardClock clock = new ShardClock(Duration.ofSeconds(5), Duration.ofSeconds(30));

    @Test
    void staysBehindTheSlowestShard() {
        clock.see("ahead", 100_000, 0);
        clock.see("behind", 60_000, 0);

        assertThat(clock.watermark(0)).hasValue(54_999);
    }

    @Test
    void anOlderEventDoesNotTurnAShardBack() {
        clock.see("shard", 60_000, 0);
        clock.see("shard", 10_000, 0);

        assertThat(clock.watermark(0)).hasValue(54_999);
    }

    @Test
    void anIdleShardDoesNotHoldBackTheRest() {
        clock.see("idle", 10_000, 0);
        clock.see("busy", 60_000, 30_000);

        assertThat(clock.watermark(30_000)).hasValue(54_999);
    }

    @Test
    void thereIsNoWatermarkWhileAllAreIdle() {
        clock.see("idle", 10_000, 0);

        assertThat(clock.watermark(30_000)).isEmpty();
    }
}

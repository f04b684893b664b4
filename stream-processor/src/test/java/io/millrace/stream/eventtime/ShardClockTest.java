package io.millrace.stream.eventtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stream.eventtime.ShardClock.Reading;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShardClockTest {
    private final ShardClock clock = new ShardClock(Duration.ofSeconds(5), Duration.ofSeconds(30));
    private long now;

    @Test
    void staysBehindTheSlowestShard() {
        warmUp();
        clock.see("ahead", 100_000);
        clock.see("behind", 60_000);

        assertThat(tick(200)).isEqualTo(new Reading.At(54_999));
    }

    @Test
    void anOlderEventDoesNotTurnAShardBack() {
        warmUp();
        clock.see("shard", 60_000);
        clock.see("shard", 10_000);

        assertThat(tick(200)).isEqualTo(new Reading.At(54_999));
    }

    @Test
    void anIdleShardDoesNotHoldBackTheRest() {
        warmUp();
        clock.see("idle", 10_000);
        idleFor(29_000);
        clock.see("busy", 60_000);
        assertThat(tick(200)).isEqualTo(new Reading.At(4_999));

        idleFor(2_000);

        assertThat(tick(200)).isEqualTo(new Reading.At(54_999));
    }

    @Test
    void nobodyIsHeldBackWhileAllAreIdle() {
        warmUp();
        clock.see("idle", 10_000);
        idleFor(31_000);

        assertThat(tick(200)).isInstanceOf(Reading.Idle.class);
    }

    @Test
    void aShardIsNotIdleBecauseTheJobHadToWait() {
        warmUp();
        clock.see("first", 10_000);
        clock.see("second", 10_000);
        tick(200);
        clock.see("first", 90_000);

        assertThat(tick(600_000)).isEqualTo(new Reading.At(4_999));
    }

    @Test
    void shardsHaveTimeToShowUpBeforeTheFirstOneSetsTheClock() {
        clock.see("quick", 90_000);
        assertThat(tick(0)).isInstanceOf(Reading.Held.class);
        idleFor(4_000);
        clock.see("slow", 20_000);
        idleFor(2_000);

        assertThat(tick(200)).isEqualTo(new Reading.At(14_999));
    }

    @Test
    void aSnapshotHoldsTheClockAndDoesNotMoveIt() {
        warmUp();
        clock.see("streaming", 90_000);
        clock.seeSnapshot("loading");

        assertThat(tick(200)).isInstanceOf(Reading.Held.class);

        idleFor(31_000);
        clock.see("streaming", 95_000);

        assertThat(tick(200)).isEqualTo(new Reading.At(89_999));
    }

    private void warmUp() {
        tick(0);
        idleFor(6_000);
    }

    private void idleFor(long millis) {
        for (long passed = 0; passed < millis; passed += 200) {
            tick(200);
        }
    }

    private Reading tick(long millis) {
        now += millis;
        return clock.tick(now);
    }
}

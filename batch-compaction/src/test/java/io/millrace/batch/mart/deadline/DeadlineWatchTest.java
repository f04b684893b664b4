package io.millrace.batch.mart.deadline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadlineWatchTest {
    private static final Instant DEADLINE = Instant.parse("2024-03-01T07:00:00Z");

    private final List<String> alerts = new ArrayList<>();
    private final SetClock clock = new SetClock();

    @Test
    void projectionBeyondTheMarginIsToldOnceForAllThatIsUnfinished() {
        clock.now = Instant.parse("2024-03-01T05:50:00Z");
        DeadlineWatch watch = watch(20, 20);

        watch.look();
        clock.now = Instant.parse("2024-03-01T05:51:00Z");
        watch.look();
        watch.look();

        assertThat(alerts).hasSize(1);
        assertThat(alerts.get(0))
                .contains("At risk")
                .contains("marts.a, marts.b")
                .contains("2024-03-01T06:31:00Z");
        assertThat(watch.missed()).isFalse();
    }

    @Test
    void partUnderWayCountsFromItsStart() {
        clock.now = Instant.parse("2024-03-01T05:45:00Z");
        DeadlineWatch watch = watch(20, 20);
        watch.begin();
        clock.now = Instant.parse("2024-03-01T06:05:00Z");

        watch.look();

        assertThat(alerts).as("20 minutes of the first are gone, 20 are left").isEmpty();
    }

    @Test
    void missIsToldOnceAndStays() {
        clock.now = DEADLINE.minusSeconds(1);
        DeadlineWatch watch = watch(0, 0);
        watch.done("marts.a");
        clock.now = DEADLINE;

        watch.look();
        watch.done("marts.b");

        assertThat(alerts).filteredOn(alert -> alert.startsWith("Missed")).hasSize(1);
        assertThat(alerts.get(alerts.size() - 1)).contains("Missed").contains("Unfinished: marts.b.");
        assertThat(watch.missed()).isTrue();
    }

    @Test
    void allDoneInTimeIsNoMissLater() {
        clock.now = DEADLINE.minus(Duration.ofHours(2));
        DeadlineWatch watch = watch(1, 1);
        watch.done("marts.a");
        watch.done("marts.b");
        clock.now = DEADLINE.plusSeconds(1);

        assertThat(watch.missed()).isFalse();
        assertThat(alerts).isEmpty();
    }

    private DeadlineWatch watch(int minutesOfA, int minutesOfB) {
        Map<String, Duration> usual = new LinkedHashMap<>();
        usual.put("marts.a", Duration.ofMinutes(minutesOfA));
        usual.put("marts.b", Duration.ofMinutes(minutesOfB));
        return new DeadlineWatch(
                "logistics", DEADLINE, Duration.ofMinutes(30), usual, (text, marts) -> alerts.add(text), clock);
    }

    private static final class SetClock extends Clock {
        private Instant now = DEADLINE;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

package io.millrace.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CommitScheduleTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void commitsWithEveryCheckpointUnlessToldOtherwise() {
        CommitSchedule schedule = new CommitSchedule(Duration.ZERO);

        assertThat(schedule.due(NOON)).isTrue();
        assertThat(schedule.due(NOON)).isTrue();
    }

    @Test
    void waitsForTheIntervalButNotForACheckpointMore() {
        CommitSchedule schedule = new CommitSchedule(Duration.ofSeconds(60));

        assertThat(schedule.due(NOON)).isTrue();
        assertThat(schedule.due(NOON.plusSeconds(10))).isFalse();
        assertThat(schedule.due(NOON.plusSeconds(50))).isFalse();
        assertThat(schedule.due(NOON.plusMillis(59_600))).isTrue();
        assertThat(schedule.due(NOON.plusSeconds(70))).isFalse();
    }
}

package io.millrace.batch.mart.asof;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.mart.asof.DayEnd.Commit;
import io.millrace.batch.mart.asof.DayEnd.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DayEndTest {
    private static final Instant END = Instant.parse("2024-03-01T00:00:00Z");
    private static final Duration SETTLE = Duration.ofMinutes(1);
    private static final Instant LATER = END.plus(Duration.ofHours(6));
    private static final Commit NOON = new Commit(END.minus(Duration.ofHours(12)), 1);
    private static final Commit JUST_AFTER = new Commit(END.plusSeconds(8), 2);
    private static final Commit MORNING = new Commit(END.plus(Duration.ofHours(5)), 3);

    @Test
    void lastSnapshotBeforeTheChangesHaveSettledHoldsTheDay() {
        assertThat(find(true, LATER, NOON, JUST_AFTER, MORNING)).isEqualTo(new Found.Snapshot(2));
        assertThat(find(true, LATER, NOON, MORNING)).isEqualTo(new Found.Snapshot(1));
        assertThat(find(true, LATER, NOON)).isEqualTo(new Found.Snapshot(1));
    }

    @Test
    void dayThatMayStillChangeIsTooEarly() {
        assertThat(find(true, END.plusSeconds(59), NOON)).isEqualTo(new Found.TooEarly(END.plus(SETTLE)));
        assertThat(find(true, END.plusSeconds(60), NOON)).isEqualTo(new Found.Snapshot(1));
    }

    @Test
    void tableThatBeganLaterHadNoRows() {
        assertThat(find(true, LATER, MORNING)).isEqualTo(new Found.NoRowsYet());
        assertThat(find(true, LATER)).isEqualTo(new Found.NoRowsYet());
    }

    @Test
    void expiredSnapshotIsNotTakenForAnEmptyTable() {
        assertThat(find(false, LATER, MORNING)).isEqualTo(new Found.Expired(MORNING.at()));
    }

    private static Found find(boolean complete, Instant now, Commit... history) {
        return DayEnd.find(List.of(history), complete, END, SETTLE, now);
    }
}

package io.millrace.stream.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.pipeline.Rule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VolumeWatchTest {
    private static final long MINUTE = MinuteCounts.MINUTE_MILLIS;
    private static final Rule.Volume RULE = new Rule.Volume(Duration.ofMinutes(5), 0.2, 3, 10, Rule.Action.DEAD_LETTER);

    @Test
    void nothingIsSaidBeforeAWholeWindowIsKnown() {
        VolumeWatch watch = new VolumeWatch(RULE, "t", 0);
        minutes(watch, 0, 100, 100, 0, 1000, 100);

        assertThat(watch.advance(5 * MINUTE)).isEmpty();
        assertThat(watch.judgedToMillis()).isEqualTo(5 * MINUTE);
    }

    @Test
    void aMinuteIsJudgedWhenItIsOver() {
        VolumeWatch watch = usual();
        watch.take(5 * MINUTE, 3);

        assertThat(watch.advance(6 * MINUTE - 1)).isEmpty();
        assertThat(watch.advance(6 * MINUTE))
                .containsExactly(new VolumeWatch.Breach("t", 5 * MINUTE, Volume.TOO_FEW, 3, 100));
    }

    @Test
    void boundsThemselvesAreUsual() {
        VolumeWatch few = usual();
        few.take(5 * MINUTE, 20);
        VolumeWatch many = usual();
        many.take(5 * MINUTE, 300);

        assertThat(few.advance(6 * MINUTE)).isEmpty();
        assertThat(many.advance(6 * MINUTE)).isEmpty();
    }

    @Test
    void tooManyAreTold() {
        VolumeWatch watch = usual();
        watch.take(5 * MINUTE, 301);

        assertThat(watch.advance(6 * MINUTE))
                .containsExactly(new VolumeWatch.Breach("t", 5 * MINUTE, Volume.TOO_MANY, 301, 100));
        assertThat(watch.standing()).isEqualTo(Volume.TOO_MANY);
    }

    @Test
    void aBreachIsToldOnceAndAgainAfterItWasOver() {
        VolumeWatch watch = usual();
        minutes(watch, 5, 0, 0, 100, 0);

        List<VolumeWatch.Breach> breaches = watch.advance(9 * MINUTE);

        assertThat(breaches).extracting(VolumeWatch.Breach::minuteMillis).containsExactly(5 * MINUTE, 8 * MINUTE);
    }

    @Test
    void silenceIsABreachThoughNoMinuteComes() {
        VolumeWatch watch = usual();

        assertThat(watch.advance(9 * MINUTE))
                .extracting(VolumeWatch.Breach::volume)
                .containsExactly(Volume.TOO_FEW);
    }

    @Test
    void whatHasBeenSilentForAWindowIsUsualAgain() {
        VolumeWatch watch = usual();

        watch.advance(5_000_000 * MINUTE);

        assertThat(watch.standing()).isEqualTo(Volume.USUAL);
        assertThat(watch.judgedToMillis()).isEqualTo(5_000_000 * MINUTE);
        assertThat(watch.history().counts()).isEmpty();
    }

    @Test
    void tablesOfFewChangesAreLeftAlone() {
        VolumeWatch watch = new VolumeWatch(RULE, "t", 0);
        minutes(watch, 0, 9, 9, 9, 9, 9, 0);

        assertThat(watch.advance(6 * MINUTE)).isEmpty();
    }

    @Test
    void lateChangesCountInLaterAverages() {
        VolumeWatch watch = usual();
        watch.advance(5 * MINUTE);
        watch.take(4 * MINUTE, 600);
        watch.take(5 * MINUTE, 40);

        // Of 200 on average now.
        assertThat(watch.advance(6 * MINUTE)).isEmpty();
        assertThat(watch.lastAverage()).isEqualTo(200);
    }

    @Test
    void goesOnFromItsHistory() {
        VolumeWatch watch = usual();
        watch.advance(5 * MINUTE);

        VolumeWatch restored = new VolumeWatch(RULE, watch.history());

        assertThat(restored.advance(6 * MINUTE))
                .containsExactly(new VolumeWatch.Breach("t", 5 * MINUTE, Volume.TOO_FEW, 0, 100));
        assertThat(new VolumeWatch(RULE, restored.history()).advance(7 * MINUTE))
                .as("the breach has been told")
                .isEmpty();
    }

    /** Five minutes of a hundred changes. */
    private static VolumeWatch usual() {
        VolumeWatch watch = new VolumeWatch(RULE, "t", 0);
        minutes(watch, 0, 100, 100, 100, 100, 100);
        return watch;
    }

    private static void minutes(VolumeWatch watch, int from, long... changes) {
        for (int i = 0; i < changes.length; i++) {
            watch.take((from + i) * MINUTE, changes[i]);
        }
    }
}

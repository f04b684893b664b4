package io.millrace.stream.volume.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.volume.MinuteCounts;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VolumeOperatorTest {
    private static final long MINUTE = MinuteCounts.MINUTE_MILLIS;
    private static final String TABLE = "shop.public.orders_7";

    @Test
    void silenceOfAllSourcesIsFoundByTheWallClock() throws Exception {
        try (var operator = operator(Rule.Action.DEAD_LETTER, null)) {
            operator.setProcessingTime(1_000_000);
            sixMinutesOfChanges(operator);
            operator.processWatermark(6 * MINUTE);
            operator.setProcessingTime(1_000_000 + 60 * MINUTE);
            assertThat(letters(operator)).as("sources may still tell").isEmpty();

            operator.processWatermarkStatus(WatermarkStatus.IDLE);
            operator.setProcessingTime(1_000_000 + 61 * MINUTE - 1);
            assertThat(letters(operator)).as("the minute is not over").isEmpty();
            operator.setProcessingTime(1_000_000 + 61 * MINUTE + 5_000);

            assertThat(letters(operator))
                    .extracting(DeadLetter::id)
                    .containsExactly("volume/shop.public.orders_7/1970-01-01T00:06:00Z/too-few");
            operator.setProcessingTime(1_000_000 + 63 * MINUTE);
            assertThat(letters(operator)).as("told once").hasSize(1);
        }
    }

    @Test
    void aRestoredOperatorGoesOn() throws Exception {
        OperatorSubtaskState state;
        try (var operator = operator(Rule.Action.DEAD_LETTER, null)) {
            sixMinutesOfChanges(operator);
            operator.processWatermark(6 * MINUTE);
            state = operator.snapshot(1, 1);
        }
        try (var operator = operator(Rule.Action.REPORT, state)) {
            operator.processElement(minute(6, 10_000), 0);
            operator.processWatermark(7 * MINUTE);

            assertThat(letters(operator)).singleElement().satisfies(letter -> {
                assertThat(letter.review()).isEqualTo(Review.REPORTED);
                assertThat(letter.reason())
                        .isEqualTo("The table had 10,000 changes in the minute 1970-01-01T00:06:00Z: too many, as rule"
                                + " volume wants at most 1,000 (the 5 minutes before had 100.0 on average)");
            });
        }
    }

    @Test
    void tablesWithoutARuleAreNotWatched() throws Exception {
        try (var operator = operator(Rule.Action.DEAD_LETTER, null)) {
            operator.processElement(
                    MinuteCounts.of(
                            "shop.public.customers",
                            0,
                            Operation.INSERT,
                            MinuteCounts.Verdict.APPLIED,
                            MinuteCounts.Lag.NONE),
                    0);
            operator.processWatermark(60 * MINUTE);

            assertThat(letters(operator)).isEmpty();
        }
    }

    private static void sixMinutesOfChanges(OneInputStreamOperatorTestHarness<MinuteCounts, DeadLetter> operator)
            throws Exception {
        for (int i = 0; i < 6; i++) {
            operator.processElement(minute(i, 100), 0);
        }
    }

    private static MinuteCounts minute(int minute, long inserts) {
        return new MinuteCounts(TABLE, minute * MINUTE, inserts, 0, 0, 0, 0, 0, 0, MinuteCounts.Lag.NONE);
    }

    private static List<DeadLetter> letters(OneInputStreamOperatorTestHarness<MinuteCounts, DeadLetter> operator) {
        return operator.getRecordOutput().stream().map(StreamRecord::getValue).toList();
    }

    private static OneInputStreamOperatorTestHarness<MinuteCounts, DeadLetter> operator(
            Rule.Action action, @Nullable OperatorSubtaskState state) throws Exception {
        TableRoute route = new TableRoute(
                new TableId("shop", "public", "orders_*"),
                List.of("id"),
                Map.of(),
                null,
                null,
                Map.of(),
                new Quality(Map.of(), List.of(new Rule.Volume(Duration.ofMinutes(5), 0.1, 10, 10, action))));
        var harness = new OneInputStreamOperatorTestHarness<MinuteCounts, DeadLetter>(
                new VolumeOperator(new TableRoutes(List.of(route))), 1, 1, 0);
        harness.setup(WireType.of(WireFormat.DEAD_LETTER)
                .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }
}

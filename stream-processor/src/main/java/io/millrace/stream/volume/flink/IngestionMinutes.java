package io.millrace.stream.volume.flink;

import io.millrace.schemas.pipeline.EventTime;
import io.millrace.schemas.pipeline.Lateness;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.eventtime.flink.EventTimeOperator;
import io.millrace.stream.eventtime.flink.Timeless;
import io.millrace.stream.volume.MinuteCounts;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.Collector;

/**
 * The part of the job that counts by minute:
 *
 * <pre>
 * sequence: counts ── add up ─┐                                                 ┌─► minutes
 *                             ├─ one subtask: amendable ─ windows (Table API) ──┤
 * refused: letters ── add up ─┘                                                 └─ watch volume ─► dead letters
 * </pre>
 */
public final class IngestionMinutes {
    private static final Duration LONGEST = Duration.ofDays(1);

    private IngestionMinutes() {}

    /**
     * Whole minutes.
     *
     * @param counted changes whose order was decided
     * @param refused dead letters of all steps up to there
     */
    public static DataStream<MinuteCounts> count(
            DataStream<MinuteCounts> counted, DataStream<DeadLetter> refused, Pipeline pipeline) {
        DataStream<MinuteCounts> rejected = refused.flatMap((DeadLetter letter, Collector<MinuteCounts> out) -> {
                    if (letter.review().state() == Review.State.NEW) {
                        out.collect(rejected(letter));
                    }
                })
                .returns(WireType.of(WireFormat.MINUTE_COUNTS))
                .uid("minutes-of-refused")
                .name("count refused");
        // Some are refused before event time is read off, and would hold back the windows for ever.
        DataStream<MinuteCounts> timeless = EventTimeOperator.add(rejected, Timeless.strategy())
                .uid("minutes-of-refused-timeless")
                .name("without a clock");
        Duration amendable = amendable(pipeline.eventTime());
        DataStream<MinuteCounts> parts = addUp(counted, "minutes-add-up-sequenced")
                .union(addUp(timeless, "minutes-add-up-refused"))
                .process(new AmendableMinutes(amendable), WireType.of(WireFormat.MINUTE_COUNTS))
                .uid("minutes-amendable")
                .name("minutes that may be amended")
                .setParallelism(1);
        return MinuteWindows.of(parts, amendable);
    }

    /** Watches the minutes of tables with a rule; empty if there are none. */
    public static Stream<DataStream<DeadLetter>> watch(DataStream<MinuteCounts> minutes, List<TableRoute> routes) {
        boolean rules = routes.stream()
                .anyMatch(route -> !route.quality().rules(Rule.Volume.class).isEmpty());
        return !rules
                ? Stream.empty()
                : Stream.of(minutes.transform(
                                "watch volume",
                                WireType.of(WireFormat.DEAD_LETTER),
                                new VolumeOperator(new TableRoutes(routes)))
                        .uid("watch-volume")
                        .setParallelism(1)
                        .setMaxParallelism(1));
    }

    private static DataStream<MinuteCounts> addUp(DataStream<MinuteCounts> parts, String uid) {
        return parts.transform("add up minutes", WireType.of(WireFormat.MINUTE_COUNTS), new AddUpOperator())
                .uid(uid);
    }

    private static MinuteCounts rejected(DeadLetter letter) {
        Long eventTime = letter.eventTimeMicros();
        long micros = eventTime == null ? letter.firstSeenMicros() : eventTime;
        return MinuteCounts.ofRejected(letter.table() == null ? letter.source() : letter.table(), micros / 1000);
    }

    /** As long as changes may come late, in whole minutes and up to a day. */
    private static Duration amendable(EventTime eventTime) {
        Duration longest = Stream.of(
                        List.of(eventTime.lateness()), eventTime.tables().values())
                .flatMap(Collection::stream)
                .map(Lateness::allowed)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Duration kept = longest.compareTo(LONGEST) > 0 ? LONGEST : longest;
        return Duration.ofMinutes(kept.toMinutes() + 1);
    }
}

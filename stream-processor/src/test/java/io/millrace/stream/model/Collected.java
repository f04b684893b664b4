package io.millrace.stream.model;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.sink.flink.ChangeTarget;
import io.millrace.stream.sink.flink.DeadLetterTarget;
import io.millrace.stream.sink.flink.MinuteTarget;
import io.millrace.stream.volume.MinuteCounts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.sink.SinkFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** What a job in this JVM has written, and how far its watermark is. */
@SuppressWarnings("deprecation") // The old sink interface is the shortest.
final class Collected {
    private static final Map<RowKey, RowChange> TARGET = new ConcurrentHashMap<>();
    private static final Map<Integer, DeadLetterCode> LETTERS = new ConcurrentHashMap<>();
    private static final Set<Integer> REPORTS = new ConcurrentSkipListSet<>();
    private static final Map<String, DeadLetter> BREACHES = new ConcurrentHashMap<>();
    private static final Map<String, MinuteCounts> MINUTES = new ConcurrentHashMap<>();
    private static final AtomicLong WATERMARK = new AtomicLong();

    private Collected() {}

    static void forget() {
        TARGET.clear();
        LETTERS.clear();
        REPORTS.clear();
        BREACHES.clear();
        MINUTES.clear();
        WATERMARK.set(Long.MIN_VALUE);
    }

    /** A job that starts over has no watermark. */
    static void forgetWatermark() {
        WATERMARK.set(Long.MIN_VALUE);
    }

    static ChangeTarget target() {
        return changes -> {
            changes.addSink(new VersionedSink()).uid("sink").name("collect");
            changes.transform("watch", Types.INT, new WatermarkWatch()).uid("watch");
            return Optional.empty();
        };
    }

    static DeadLetterTarget letterTarget() {
        return letters -> letters.addSink(new LetterSink()).uid("letters").name("collect dead letters");
    }

    static MinuteTarget minuteTarget() {
        return minutes -> minutes.addSink(new MinuteSink())
                .uid("minutes-sink")
                .name("collect minutes")
                .setParallelism(1);
    }

    /** The minutes of all tables, each as it came last. */
    static List<MinuteCounts> minutes() {
        return List.copyOf(MINUTES.values());
    }

    /** What was said of volumes, by its id. */
    static Map<String, DeadLetter> breaches() {
        return Map.copyOf(BREACHES);
    }

    static Map<RowKey, Row> rows() {
        return TARGET.values().stream()
                .filter(RowChange.Upsert.class::isInstance)
                .collect(Collectors.toMap(RowChange::key, change -> ((RowChange.Upsert) change).row()));
    }

    /** The refused deliveries by their numbers. */
    static Map<Integer, DeadLetterCode> letters() {
        return new TreeMap<>(LETTERS);
    }

    /** The numbers of the deliveries that were reported. */
    static Set<Integer> reports() {
        return new TreeSet<>(REPORTS);
    }

    /** The watermark of the keyed step, of all sources together. */
    static long watermark() {
        return WATERMARK.get();
    }

    /** As idempotent as the index: takes only what is newer. */
    private static final class VersionedSink implements SinkFunction<RowChange> {
        private static final long serialVersionUID = 1L;

        @Override
        public void invoke(RowChange change, Context context) {
            TARGET.merge(change.key(), change, (old, newer) -> newer.version() > old.version() ? newer : old);
        }
    }

    private static final class LetterSink implements SinkFunction<DeadLetter> {
        private static final long serialVersionUID = 1L;

        @Override
        public void invoke(DeadLetter letter, Context context) {
            if (letter.code() == DeadLetterCode.UNUSUAL_VOLUME) {
                BREACHES.put(letter.id(), letter);
                return;
            }
            int number = Shipment.number(Objects.requireNonNull(letter.raw()));
            if (letter.review().state() == Review.State.REPORTED) {
                REPORTS.add(number);
            } else {
                LETTERS.put(number, letter.code());
            }
        }
    }

    private static final class MinuteSink implements SinkFunction<MinuteCounts> {
        private static final long serialVersionUID = 1L;

        @Override
        public void invoke(MinuteCounts minute, Context context) {
            MINUTES.put(minute.table() + " " + minute.minuteMillis(), minute);
        }
    }

    private static final class WatermarkWatch extends AbstractStreamOperator<Integer>
            implements OneInputStreamOperator<RowChange, Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(StreamRecord<RowChange> element) {}

        @Override
        public void processWatermark(Watermark mark) throws Exception {
            super.processWatermark(mark);
            WATERMARK.accumulateAndGet(mark.getTimestamp(), Math::max);
        }
    }
}

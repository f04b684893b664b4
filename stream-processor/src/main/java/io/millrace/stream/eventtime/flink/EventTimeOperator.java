package io.millrace.stream.eventtime.flink;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.operators.TimestampsAndWatermarksOperator;

/**
 * Flink's step that gives timestamps and watermarks, without the watermark that Flink lets follow the end of the input: that one is
 * the end of all time, and passes on everything behind it.
 *
 * <p>An input ends when the job is drained, and the job goes on from its savepoint: what is remembered for a while, such as deleted
 * rows, must be remembered then, and a minute that was begun is not over. Nor is a change late because another stream has ended.
 *
 * @param <T> the type of what is in the stream
 */
public final class EventTimeOperator<T> extends TimestampsAndWatermarksOperator<T> {
    private static final long serialVersionUID = 1L;

    private EventTimeOperator(WatermarkStrategy<T> strategy) {
        super(strategy, true);
    }

    /** Adds the step to a job. */
    public static <T> SingleOutputStreamOperator<T> add(DataStream<T> stream, WatermarkStrategy<T> strategy) {
        return stream.transform("event time", stream.getType(), new EventTimeOperator<>(strategy));
    }

    @Override
    public void processWatermark(Watermark mark) {
        // Watermarks of the sources are not used either.
    }
}

package io.millrace.stream.eventtime.flink;

import io.millrace.stream.decode.DecodedChange;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Leaves the watermark to other streams: what is in this one neither holds it back nor pushes it.
 *
 * @param <T> the type of what is in it
 */
public final class Timeless<T> implements WatermarkGenerator<T> {

    private Timeless() {}

    /** The strategy for replays, which have their time. */
    public static WatermarkStrategy<DecodedChange> ofReplays() {
        return Timeless.<DecodedChange>strategy()
                .withTimestampAssigner((decoded, arrival) -> decoded.change().eventTimeMicros() / 1000);
    }

    /** The strategy for whatever is beside the stream of changes. */
    public static <T> WatermarkStrategy<T> strategy() {
        return WatermarkStrategy.<T>forGenerator(context -> new Timeless<>());
    }

    @Override
    public void onEvent(T event, long eventMillis, WatermarkOutput output) {
        output.markIdle();
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        output.markIdle();
    }
}

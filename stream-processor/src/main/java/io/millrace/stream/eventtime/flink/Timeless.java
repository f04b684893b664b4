package io.millrace.stream.eventtime.flink;

import io.millrace.stream.decode.DecodedChange;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** Gives changes their time, and the watermark to others: replays neither hold it back nor push it. */
public final class Timeless implements WatermarkGenerator<DecodedChange> {

    private Timeless() {}

    /** The strategy for replays. */
    public static WatermarkStrategy<DecodedChange> strategy() {
        return WatermarkStrategy.<DecodedChange>forGenerator(context -> new Timeless())
                .withTimestampAssigner((decoded, arrival) -> decoded.change().eventTimeMicros() / 1000);
    }

    @Override
    public void onEvent(DecodedChange decoded, long eventMillis, WatermarkOutput output) {
        output.markIdle();
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        output.markIdle();
    }
}

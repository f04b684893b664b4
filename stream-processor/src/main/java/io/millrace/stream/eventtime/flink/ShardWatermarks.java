package io.millrace.stream.eventtime.flink;

import io.millrace.schemas.event.Operation;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.eventtime.ShardClock;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Gives watermarks behind the decode step.
 *
 * <p>They cannot be given in the source, which has per-shard watermarks of its own: the event time is inside the record's
 * bytes, and decoding them takes the schema registry and the claim store, for which the source's reading threads must not
 * wait. So changes carry their shard over the one step to here. Source, decode and this operator are chained: the shards
 * of one subtask are those that its source reads.
 */
public final class ShardWatermarks implements WatermarkGenerator<DecodedChange> {
    private final ShardClock clock;

    private ShardWatermarks(EventTime eventTime) {
        clock = new ShardClock(eventTime.outOfOrderness(), eventTime.idleness());
    }

    /** The strategy that the pipeline file asks for; also makes the event time the change's timestamp. */
    public static WatermarkStrategy<DecodedChange> strategy(EventTime eventTime) {
        return WatermarkStrategy.<DecodedChange>forGenerator(context -> new ShardWatermarks(eventTime))
                .withTimestampAssigner((decoded, arrival) -> decoded.change().eventTimeMicros() / 1000);
    }

    @Override
    public void onEvent(DecodedChange decoded, long eventMillis, WatermarkOutput output) {
        if (decoded.change().operation() == Operation.SNAPSHOT) {
            clock.seeSnapshot(decoded.shard());
        } else {
            clock.see(decoded.shard(), eventMillis);
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        ShardClock.Reading reading = clock.tick(System.currentTimeMillis());
        if (reading instanceof ShardClock.Reading.At at) {
            output.emitWatermark(new Watermark(at.watermarkMillis()));
        } else if (reading instanceof ShardClock.Reading.Idle) {
            output.markIdle();
        } else {
            output.markActive();
        }
    }
}

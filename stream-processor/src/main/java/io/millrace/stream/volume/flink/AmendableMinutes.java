package io.millrace.stream.volume.flink;

import io.millrace.stream.volume.MinuteCounts;
import java.time.Duration;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts what came too late for its minute's window into the oldest minute that is still kept, so that every change is counted once.
 * In one subtask directly before the windows, where the watermark is theirs.
 */
final class AmendableMinutes extends ProcessFunction<MinuteCounts, MinuteCounts> {
    private static final long serialVersionUID = 1L;

    private final Duration amendable;

    /**
     * @param amendable for how long after its end a minute is kept
     */
    AmendableMinutes(Duration amendable) {
        this.amendable = amendable;
    }

    @Override
    public void processElement(MinuteCounts part, Context context, Collector<MinuteCounts> out) {
        long watermark = context.timerService().currentWatermark();
        if (watermark == Long.MIN_VALUE) {
            out.collect(part);
            return;
        }
        // A window is dropped when the watermark comes to its last millisecond and the time that it is kept.
        long dropped = watermark - amendable.toMillis() - MinuteCounts.MINUTE_MILLIS + 1;
        long oldest = MinuteCounts.minuteOf(dropped) + MinuteCounts.MINUTE_MILLIS;
        out.collect(part.minuteMillis() < oldest ? part.at(oldest) : part);
    }
}

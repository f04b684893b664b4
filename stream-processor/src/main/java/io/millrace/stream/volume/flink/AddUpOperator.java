package io.millrace.stream.volume.flink;

import io.millrace.stream.volume.MinuteCounts;
import io.millrace.stream.volume.OpenMinutes;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Adds minutes up where they are counted. It keeps no state: what it has goes on before every checkpoint, before the watermark
 * that ends its minute, and before silence.
 */
final class AddUpOperator extends AbstractStreamOperator<MinuteCounts>
        implements OneInputStreamOperator<MinuteCounts, MinuteCounts>, BoundedOneInput {
    private static final long serialVersionUID = 1L;

    /** A bound on memory, for a backlog of which the watermark does not tell. */
    private static final int MOST_MINUTES = 4096;

    private transient OpenMinutes minutes;

    @SuppressWarnings("NullAway.Init") // Flink's contract: open() comes before anything else.
    AddUpOperator() {
        // Where the counts are made: they are one for each change.
        chainingStrategy = ChainingStrategy.ALWAYS;
    }

    @Override
    public void open() throws Exception {
        super.open();
        minutes = new OpenMinutes();
    }

    @Override
    public void processElement(StreamRecord<MinuteCounts> element) {
        minutes.add(element.getValue());
        if (minutes.size() > MOST_MINUTES) {
            passOn();
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (minutes.anyOver(mark.getTimestamp())) {
            passOn();
        }
        super.processWatermark(mark);
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        passOn();
        super.processWatermarkStatus(status);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        passOn();
    }

    @Override
    public void endInput() {
        passOn();
    }

    private void passOn() {
        for (MinuteCounts sum : minutes.drain()) {
            output.collect(new StreamRecord<>(sum, sum.minuteMillis()));
        }
    }
}

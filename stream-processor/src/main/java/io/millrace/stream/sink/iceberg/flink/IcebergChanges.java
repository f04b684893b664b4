package io.millrace.stream.sink.iceberg.flink;

import io.millrace.schemas.event.RowChange;
import io.millrace.stream.accounting.CommitSample;
import io.millrace.stream.accounting.EventTimeSample;
import io.millrace.stream.sink.iceberg.IcebergRoute;
import io.millrace.stream.sink.iceberg.IcebergRoutes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Lets the changes of Iceberg tables through, and tells before each barrier when some of them were committed at their source. It
 * keeps no state: after a failure the changes come again, and are told of again.
 */
final class IcebergChanges extends AbstractStreamOperator<RowChange>
        implements OneInputStreamOperator<RowChange, RowChange> {
    private static final long serialVersionUID = 1L;

    private final IcebergRoutes routes;
    private final OutputTag<CommitSample> samples;
    private transient Map<String, EventTimeSample> times;

    @SuppressWarnings("NullAway.Init") // Flink's contract: open() comes before anything else.
    IcebergChanges(IcebergRoutes routes, OutputTag<CommitSample> samples) {
        this.routes = routes;
        this.samples = samples;
        chainingStrategy = ChainingStrategy.ALWAYS;
    }

    @Override
    public void open() throws Exception {
        super.open();
        times = new HashMap<>();
    }

    @Override
    public void processElement(StreamRecord<RowChange> element) {
        RowChange change = element.getValue();
        String table = change.key().table();
        EventTimeSample sample = times.get(table);
        if (sample == null) {
            if (routes.find(table) == null) {
                return;
            }
            sample = new EventTimeSample();
            times.put(table, sample);
        }
        sample.offer(change.eventTimeMicros() / 1000);
        output.collect(element);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        times.forEach((table, sample) -> {
            List<Long> picked = sample.drain();
            IcebergRoute route = routes.find(table);
            if (!picked.isEmpty() && route != null) {
                output.collect(
                        samples,
                        new StreamRecord<>(
                                new CommitSample(table, route.identifier().toString(), checkpointId, picked)));
            }
        });
    }
}

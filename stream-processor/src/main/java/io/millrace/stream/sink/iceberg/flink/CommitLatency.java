package io.millrace.stream.sink.iceberg.flink;

import io.millrace.iceberg.CommittedEpoch;
import io.millrace.stream.accounting.CommitSample;
import io.millrace.stream.accounting.WaitingSamples;
import io.millrace.stream.accounting.flink.TableLatencies;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.co.CoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Measures how long changes take from the source's commit until readers of their Iceberg table see them, as the metric
 * {@code iceberg_latency_ms} of each table.
 *
 * <p>What a checkpoint holds has been told before its barrier, and a commit is made after the checkpoint is complete: so the
 * times are here before the commit is. They are in no state, as a metric may forget.
 */
final class CommitLatency extends CoProcessFunction<CommitSample, CommittedEpoch, Void> {
    private static final long serialVersionUID = 1L;

    private transient WaitingSamples waiting;
    private transient TableLatencies latencies;

    @SuppressWarnings("NullAway.Init") // Flink's contract: open() comes before anything else.
    CommitLatency() {}

    @Override
    public void open(OpenContext context) {
        waiting = new WaitingSamples();
        latencies = new TableLatencies(getRuntimeContext().getMetricGroup(), "iceberg_latency_ms");
    }

    @Override
    public void processElement1(CommitSample sample, Context context, Collector<Void> out) {
        waiting.add(sample);
    }

    @Override
    public void processElement2(CommittedEpoch commit, Context context, Collector<Void> out) {
        for (CommitSample sample : waiting.committed(commit.table(), commit.checkpointId())) {
            sample.eventMillis()
                    .forEach(millis -> latencies.measure(sample.table(), millis, commit.committedAtMillis()));
        }
    }
}

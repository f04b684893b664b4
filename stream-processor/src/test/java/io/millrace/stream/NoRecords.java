package io.millrace.stream;

import io.millrace.schemas.decode.RawRecord;
import org.apache.flink.streaming.api.functions.source.SourceFunction;

/** An empty stream, such as the replay stream of a test without replays. */
@SuppressWarnings("deprecation") // The old interface is the shortest.
public final class NoRecords implements SourceFunction<RawRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public void run(SourceContext<RawRecord> context) {}

    @Override
    public void cancel() {}
}

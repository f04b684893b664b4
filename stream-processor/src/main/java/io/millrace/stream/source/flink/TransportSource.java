package io.millrace.stream.source.flink;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Reads each source of a pipeline from the transport that it names. */
public final class TransportSource implements RecordSource {
    private final Pipeline pipeline;

    public TransportSource(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public DataStream<RawRecord> read(StreamExecutionEnvironment env, Source source) {
        return reader(source.transport()).read(env, source);
    }

    private RecordSource reader(Source.Transport transport) {
        return switch (transport) {
            case KINESIS -> new KinesisSource(pipeline.connections().kinesis());
            case KAFKA ->
                new KafkaRecordSource(pipeline.name(), pipeline.connections().kafka());
        };
    }
}

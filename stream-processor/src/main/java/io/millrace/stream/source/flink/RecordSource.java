package io.millrace.stream.source.flink;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.pipeline.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Where the records of a source come from. */
@FunctionalInterface
public interface RecordSource {

    /** Adds the source to the job; the stream's type is {@code WireFormat.RAW_RECORD}'s. */
    DataStream<RawRecord> read(StreamExecutionEnvironment env, Source source);
}

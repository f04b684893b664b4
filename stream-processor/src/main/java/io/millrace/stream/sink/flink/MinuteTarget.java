package io.millrace.stream.sink.flink;

import io.millrace.stream.volume.MinuteCounts;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Where minutes go; one that grows comes again. */
@FunctionalInterface
public interface MinuteTarget {

    /** Adds the target's operators to the job. */
    void write(DataStream<MinuteCounts> minutes);
}

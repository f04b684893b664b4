package io.millrace.stream.sink.flink;

import io.millrace.stream.deadletter.DeadLetter;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Where dead letters go. */
@FunctionalInterface
public interface DeadLetterTarget {

    /** Adds the target's operators to the job. */
    void write(DataStream<DeadLetter> letters);
}

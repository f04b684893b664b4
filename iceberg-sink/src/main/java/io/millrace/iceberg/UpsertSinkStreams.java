package io.millrace.iceberg;

import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/** What a sink that has been added to a job gives back. */
public final class UpsertSinkStreams {
    private final SingleOutputStreamOperator<?> writer;
    private final DataStream<CommittedEpoch> commits;

    UpsertSinkStreams(SingleOutputStreamOperator<?> writer, DataStream<CommittedEpoch> commits) {
        this.writer = writer;
        this.commits = commits;
    }

    /** The rejected changes, as made by the mapper given with this tag. */
    public <R> DataStream<R> rejections(OutputTag<R> tag) {
        return writer.getSideOutput(tag);
    }

    /** The commits as they happen; at most once: a commit followed by a crash may be missing. */
    public DataStream<CommittedEpoch> commits() {
        return commits;
    }
}

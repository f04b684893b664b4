package io.millrace.stream.sink.flink;

import io.millrace.schemas.event.RowChange;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.fit.TargetTables;
import java.util.Optional;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Where sequenced changes go. */
@FunctionalInterface
public interface ChangeTarget {

    /** Adds the target's operators to the job; the result has the changes that the target refuses, if it tells. */
    Optional<DataStream<DeadLetter>> write(DataStream<RowChange> changes);

    /** The target's tables, which are made to fit the changes before these come; empty if they take any change. */
    default Optional<TargetTables.Factory> tables() {
        return Optional.empty();
    }
}

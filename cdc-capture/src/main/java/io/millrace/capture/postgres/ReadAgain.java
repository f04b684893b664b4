package io.millrace.capture.postgres;

import io.millrace.schemas.event.SourcePosition;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Gives rows that are read again their place in the source's history. They go onto the stream as rows of an incremental
 * snapshot: their time says nothing, but they stand among the row's changes, where {@code source.sequence} says.
 */
record ReadAgain(SourcePosition position) implements Consumer<SourceRecord> {

    @Override
    public void accept(SourceRecord record) {
        Struct source = ((Struct) record.value()).getStruct("source");
        source.put("snapshot", "incremental");
        source.put("lsn", position.offset());
        source.put(
                "sequence",
                "[\"" + Long.toUnsignedString(position.transaction()) + "\",\""
                        + Long.toUnsignedString(position.offset()) + "\"]");
    }
}

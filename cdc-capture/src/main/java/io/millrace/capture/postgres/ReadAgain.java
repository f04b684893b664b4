package io.millrace.capture.read;

import io.millrace.schemas.event.SourcePosition;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Struct;

/**
 * Gives rows that are read again their place in the source's history. They go onto the stream as rows of an incremental
 * snapshot: their time says nothing, but they stand among the row's changes, where {@code source.sequence} says.
 */
record ReadAgain(SourcePosition position) implements Consumer<Struct> {

    @Override
    public void accept(Struct envelope) {
        Struct source = envelope.getStruct("source");
        source.put("snapshot", "incremental");
        source.put("lsn", position.offset());
        source.put(
                "sequence",
                "[\"" + Long.toUnsignedString(position.transaction()) + "\",\""
                        + Long.toUnsignedString(position.offset()) + "\"]");
    }
}

package io.millrace.capture.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.capture.offset.ResumePlan;
import io.millrace.capture.offset.StateJournal;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Keeps in the journal that a snapshot has begun, and that it is complete. Debezium keeps neither before a change comes behind it; a
 * run that follows would take another snapshot, and not hear of rows that were deleted between the two.
 */
final class SnapshotProgress {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final String engine;
    private final StateJournal journal;

    /**
     * Of an engine's snapshot.
     *
     * @param engine its name, by which Debezium finds its offsets
     */
    SnapshotProgress(String engine, StateJournal journal) {
        this.engine = engine;
        this.journal = journal;
    }

    /** Hears of the last record of some that are about to be published. */
    void begins(SourceRecord last) {
        String offset = json(last.sourceOffset());
        if (journal.offsets().isEmpty() && ResumePlan.isInsideSnapshot(offset)) {
            write(last, offset);
        }
    }

    /** Hears of the last record of some that have been published, and so that all before it have. */
    void ends(SourceRecord last) {
        String offset = json(last.sourceOffset());
        if (journal.offsets().values().stream().anyMatch(ResumePlan::isInsideSnapshot)
                && !ResumePlan.isInsideSnapshot(offset)) {
            write(last, offset);
        }
    }

    private void write(SourceRecord record, String offset) {
        journal.writeOffsets(Map.of(json(List.of(engine, record.sourcePartition())), offset));
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write an offset of Debezium", e);
        }
    }
}

package io.millrace.capture.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.capture.storage.ObjectStore;
import io.millrace.capture.storage.StorageException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StateJournalTest {
    private static final Set<String> TABLES = Set.of("public.item");

    private final MemoryObjects objects = new MemoryObjects();

    private static final class MemoryObjects implements ObjectStore {
        private final Map<String, byte[]> objects = new HashMap<>();
        private boolean away;

        @Override
        public byte @Nullable [] read(String name) {
            return objects.get(name);
        }

        @Override
        public void write(String name, byte[] content) {
            if (away) {
                throw new StorageException("Cannot write", new IllegalStateException());
            }
            objects.put(name, content);
        }

        @Override
        public String address(String name) {
            return name;
        }
    }

    @Test
    void nextRunFindsWhatWasWritten() {
        StateJournal journal = StateJournal.startOver(objects, "state", null, TABLES);
        journal.raise(77);
        journal.writeOffsets(Map.of("key", "value"));
        assertThat(StateJournal.read(objects, "state"))
                .isEqualTo(new CaptureState(1, 77, TABLES, Map.of("key", "value")));
    }

    @Test
    void nothingWrittenIsNothingRead() {
        assertThat(StateJournal.read(objects, "state")).isNull();
    }

    @Test
    void startingOverForgetsOffsetsButNotTheSnapshot() {
        CaptureState before = new CaptureState(1, 77, TABLES, Map.of("key", "value"));
        StateJournal journal = StateJournal.startOver(objects, "state", before, TABLES);
        assertThat(journal.offsets()).isEmpty();
        assertThat(journal.value()).isEqualTo(77);
        assertThat(StateJournal.read(objects, "state")).isEqualTo(new CaptureState(1, 77, TABLES, Map.of()));
    }

    @Test
    void offsetsThatWereNotKeptAreNotOffered() {
        StateJournal journal = StateJournal.startOver(objects, "state", null, TABLES);
        objects.away = true;
        assertThatThrownBy(() -> journal.writeOffsets(Map.of("key", "value"))).isInstanceOf(StorageException.class);
        assertThat(journal.offsets()).isEmpty();
    }
}

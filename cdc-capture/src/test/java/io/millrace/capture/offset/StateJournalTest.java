package io.millrace.capture.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.capture.storage.ObjectStore;
import io.millrace.capture.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StateJournalTest {
    private static final Map<String, TableShape> SHAPES = Map.of(
            "public.item",
            new TableShape(
                    7,
                    List.of(new TableShape.Column(1, "id", "integer", false, "digest", 700)),
                    List.of("id"),
                    21,
                    Set.of("old")));

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
        StateJournal journal = StateJournal.startOver(objects, "state", null, SHAPES);
        journal.raise(77);
        journal.writeOffsets(Map.of("key", "value"));
        assertThat(StateJournal.read(objects, "state")).isEqualTo(state(Map.of("key", "value")));
    }

    @Test
    void changesSinceAnUnfinishedSnapshotBeginWhereItWasTaken() {
        String unfinished = "{\"lsn\":7,\"snapshot\":\"INITIAL\",\"snapshot_completed\":false,\"txId\":3}";

        CaptureState beside = state(Map.of("key", unfinished)).besideChanges(Map.of(), Set.of("public.item"));

        assertThat(beside.offsets()).isEqualTo(Map.of("key", "{\"lsn\":7,\"txId\":3}"));
        assertThat(beside.unread()).containsExactly("public.item");
        assertThat(beside.snapshotLsn()).isEqualTo(77);
        assertThat(state(Map.of("key", "{\"lsn\":7,\"snapshot\":true}"))
                        .besideChanges(Map.of(), Set.of())
                        .offsets())
                .isEqualTo(Map.of("key", "{\"lsn\":7}"));
    }

    @Test
    void stateOfAReleaseThatKnewLessOfAShapeIsRead() {
        objects.write("state", """
                {"version": 1, "snapshotLsn": 77, "tables": ["public.item"], "offsets": {}, "shapes": {"public.item":
                {"oid": 7, "columns": [{"number": 1, "name": "id", "type": "integer", "filled": false}],
                "key": ["id"], "formerNames": ["old"]}}}""".getBytes(StandardCharsets.UTF_8));

        assertThat(Objects.requireNonNull(StateJournal.read(objects, "state")).shapes())
                .containsEntry(
                        "public.item",
                        new TableShape(
                                7,
                                List.of(new TableShape.Column(1, "id", "integer", false)),
                                List.of("id"),
                                0,
                                Set.of("old")));
    }

    private static CaptureState state(Map<String, String> offsets) {
        return new CaptureState(1, 77, 1, SHAPES.keySet(), offsets, SHAPES);
    }

    @Test
    void offsetsAndShapesDoNotWriteOverEachOther() {
        StateJournal journal = StateJournal.startOver(objects, "state", null, Map.of());
        journal.raise(77);
        journal.writeOffsets(Map.of("key", "value"));
        journal.writeShapes(SHAPES);
        journal.writeOffsets(Map.of("key", "next"));
        assertThat(StateJournal.read(objects, "state")).isEqualTo(state(Map.of("key", "next")));
    }

    @Test
    void stateOfAReleaseWithoutShapesIsRead() {
        objects.write(
                "state",
                "{\"version\":1,\"snapshotLsn\":77,\"tables\":[\"public.item\"],\"offsets\":{\"key\":\"value\"}}"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(StateJournal.read(objects, "state"))
                .isEqualTo(new CaptureState(1, 77, 1, Set.of("public.item"), Map.of("key", "value"), Map.of()));
    }

    @Test
    void nothingWrittenIsNothingRead() {
        assertThat(StateJournal.read(objects, "state")).isNull();
    }

    @Test
    void startingOverForgetsOffsetsButNotTheSnapshot() {
        CaptureState before = state(Map.of("key", "value"));
        StateJournal journal = StateJournal.startOver(objects, "state", before, SHAPES);
        assertThat(journal.offsets()).isEmpty();
        assertThat(journal.value()).isEqualTo(77);
        assertThat(StateJournal.read(objects, "state"))
                .isEqualTo(new CaptureState(1, 77, 2, before.tables(), Map.of(), SHAPES));
    }

    @Test
    void offsetsThatWereNotKeptAreNotOffered() {
        StateJournal journal = StateJournal.startOver(objects, "state", null, SHAPES);
        objects.away = true;
        assertThatThrownBy(() -> journal.writeOffsets(Map.of("key", "value"))).isInstanceOf(StorageException.class);
        assertThat(journal.offsets()).isEmpty();
    }
}

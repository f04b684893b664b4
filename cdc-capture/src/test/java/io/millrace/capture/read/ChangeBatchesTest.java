package io.millrace.capture.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.engine.DebeziumEngine.Offsets;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.millrace.capture.offset.ResumePlan;
import io.millrace.capture.offset.StateJournal;
import io.millrace.capture.postgres.PostgresReading;
import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.Publisher;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.capture.status.CaptureMeter;
import io.millrace.capture.storage.ObjectStore;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.registry.SchemaRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.avro.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which offsets become durable; the records are of no captured table, so that nothing is to be published. */
class ChangeBatchesTest {
    private final CaptureMeter meter = new CaptureMeter(Clock.systemUTC());
    private final List<String> marked = new ArrayList<>();
    private final StateJournal journal = StateJournal.startOver(new Nowhere(), "state", null, Map.of());
    private final ChangeBatches batches = new ChangeBatches(
            "engine",
            new Marks(),
            new ChangeRecords(
                    "shop",
                    table -> false,
                    record -> {},
                    change -> List.of(),
                    new ClaimDesk(new Nowhere(), 1 << 20, meter),
                    new Retry(new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)), meter)),
            new Nowhere(),
            meter);

    @Test
    void changesOfOneLsnAreMarkedWhenTheNextLsnIsThere() throws Exception {
        handle(change("a", 10, 20), change("b", 10, 30), change("c", 10, 30));
        assertThat(marked).containsExactly("a");
        handle(change("d", 10, 30));
        assertThat(marked).containsExactly("a");
        handle(change("e", 40, 50));
        assertThat(marked).containsExactly("a", "d");
    }

    @Test
    void restOfAnLsnThatAReconnectionCutOffIsStillWaitedFor() throws Exception {
        handle(change("a", 10, 20), change("b1", 10, 30));
        handle(change("a", 10, 20), change("b1", 10, 30), change("b2", 10, 30));
        assertThat(marked).containsExactly("a", "a");
        handle(change("c", 40, 50));
        assertThat(marked).containsExactly("a", "a", "b2");
    }

    @Test
    void recordThatReadingMayNotGoOnBehindIsNeverMarked() throws Exception {
        handle(change("a", 10, 20), change("no resume", 10, 25));
        assertThat(marked).isEmpty();
        handle(change("b", 10, 30), change("no resume", 10, 35), change("c", 10, 40));
        assertThat(marked).containsExactly("a", "b");
    }

    /** Debezium marks neither before a change comes behind the snapshot, and the source may be silent for long. */
    @Test
    void snapshotIsRememberedFromItsFirstRowOn() throws Exception {
        handle(row(false));
        assertThat(journal.offsets())
                .containsOnlyKeys("[\"engine\",{\"server\":\"shop\"}]")
                .allSatisfy((key, offset) ->
                        assertThat(ResumePlan.isInsideSnapshot(offset)).isTrue());

        handle(row(false), row(true));
        assertThat(journal.offsets())
                .containsOnlyKeys("[\"engine\",{\"server\":\"shop\"}]")
                .allSatisfy((key, offset) ->
                        assertThat(ResumePlan.isInsideSnapshot(offset)).isFalse());
    }

    private static RecordChangeEvent<SourceRecord> row(boolean last) {
        SourceRecord record = new SourceRecord(
                Map.of("server", "shop"),
                Map.of("lsn", 10L, "snapshot", "INITIAL", "snapshot_completed", last),
                "row",
                null,
                null);
        return () -> record;
    }

    private static RecordChangeEvent<SourceRecord> change(String name, long lastCommit, long lsn) {
        SourceRecord record =
                new SourceRecord(Map.of(), Map.of("lsn_commit", lastCommit, "lsn", lsn), name, null, null);
        return () -> record;
    }

    @SafeVarargs
    private void handle(RecordChangeEvent<SourceRecord>... batch) throws InterruptedException {
        batches.handleBatch(List.of(batch), new RecordCommitter<>() {
            @Override
            public void markProcessed(RecordChangeEvent<SourceRecord> event) {
                marked.add(event.record().topic());
            }

            @Override
            public void markBatchFinished() {}

            @Override
            public void markProcessed(RecordChangeEvent<SourceRecord> event, Offsets offsets) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Offsets buildOffsets() {
                throw new UnsupportedOperationException();
            }
        });
    }

    /** PostgreSQL's order of offsets, and records that nobody may resume at. */
    private final class Marks implements Reading {
        @Override
        public Comparator<Map<String, ?>> progress() {
            return PostgresReading.PROGRESS;
        }

        @Override
        public boolean mayResumeAt(SourceRecord record) {
            return !record.topic().equals("no resume");
        }

        @Override
        public StateJournal journal() {
            return journal;
        }

        @Override
        public Properties settings() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Properties settingsToReadAgain(String listener, Set<TableId> tables) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void place(SourceRecord record) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DebeziumReader.Companion companion(BooleanSupplier streaming, TableSnapshot again) {
            throw new UnsupportedOperationException();
        }
    }

    /** Servers that must not be called, but for the storage that the journal writes to. */
    private static final class Nowhere implements Publisher, SchemaRegistry, ObjectStore {
        @Override
        public void publish(Collection<StreamRecord> records) {
            assertThat(records).isEmpty();
        }

        @Override
        public int recordLimit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}

        @Override
        public UUID register(String schemaName, Schema schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Schema schema(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte @Nullable [] read(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(String name, byte[] content) {
            // Only the journal writes, which remembers by itself what it has written.
        }

        @Override
        public String address(String name) {
            throw new UnsupportedOperationException();
        }
    }
}

package io.millrace.capture.postgres;

import io.millrace.capture.CaptureConfig;
import io.millrace.capture.encode.SnapshotOrder;
import io.millrace.capture.offset.StateJournal;
import io.millrace.capture.read.DebeziumReader;
import io.millrace.capture.read.Reading;
import io.millrace.capture.read.TableSnapshot;
import io.millrace.schemas.event.TableId;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** A PostgreSQL server as Debezium reads it. */
public final class PostgresReading implements Reading {
    /** Grows from one LSN to the next, but for a transaction that spans a heartbeat. */
    public static final Comparator<Map<String, ?>> PROGRESS = Comparator.<Map<String, ?>>comparingLong(
                    offset -> number(offset, "lsn_commit"))
            .thenComparingLong(offset -> number(offset, "lsn"));

    private final CaptureConfig config;
    private final Supplier<SourceFacts> facts;
    private final StateJournal journal;
    private final TableFollower.Settings followed;
    private final SnapshotOrder order;

    /**
     * A server.
     *
     * @param facts asks for the database as it is: tables come and change while it is read
     */
    PostgresReading(
            CaptureConfig config, Supplier<SourceFacts> facts, StateJournal journal, TableFollower.Settings followed) {
        this.config = config;
        this.facts = facts;
        this.journal = journal;
        this.followed = followed;
        this.order = new SnapshotOrder(journal);
    }

    private static long number(Map<String, ?> offset, String name) {
        return offset.get(name) instanceof Number number ? number.longValue() : 0;
    }

    @Override
    public StateJournal journal() {
        return journal;
    }

    @Override
    public Properties settings() {
        return PostgresSettings.of(config, facts.get());
    }

    @Override
    public Properties settingsToReadAgain(String listener, Set<TableId> tables) {
        return PostgresSettings.readAgain(config, listener, tables, facts.get());
    }

    @Override
    public void place(SourceRecord record) {
        Struct envelope = (Struct) record.value();
        if ("r".equals(envelope.getString("op"))) {
            mendRead(record);
        }
        order.stamp(envelope.getStruct("source"));
    }

    private static void mendRead(SourceRecord record) {
        SnapshotTimes.mend((Struct) record.key());
        SnapshotTimes.mend(((Struct) record.value()).getStruct("after"));
    }

    @Override
    public Comparator<Map<String, ?>> progress() {
        return PROGRESS;
    }

    @Override
    public DebeziumReader.Companion companion(BooleanSupplier streaming, TableSnapshot again) {
        return new TableFollower(
                followed,
                journal,
                streaming,
                (tables, position) -> again.read(tables, new ReadAgain(position).andThen(PostgresReading::mendRead)));
    }
}

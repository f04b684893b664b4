package io.millrace.capture.read;

import io.millrace.capture.offset.StateJournal;
import io.millrace.schemas.event.TableId;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * A source's database that has been checked and made ready, as Debezium reads it: all that differs from one product to the
 * next between the engine and the stream.
 */
public interface Reading {

    /** Where reading goes on, and what else is remembered. */
    StateJournal journal();

    /** The settings of the engine that reads everything. */
    Properties settings();

    /**
     * The settings of an engine that reads all rows of some tables and no changes.
     *
     * @param listener the name under which {@link SnapshotEnd} finds who hears of the end
     */
    Properties settingsToReadAgain(String listener, Set<TableId> tables);

    /** Hears of every record, in order, before its changes are encoded; also of those that are no changes of rows. */
    default void hear(SourceRecord record) {}

    /** Hears that all records so far are on the stream, and that the next ones are waited for. */
    default void rest() {}

    /** Gives a change its place in the source's history, and mends what Debezium got wrong in it. */
    void place(SourceRecord record);

    /**
     * How far Debezium has read, by its offsets. Records whose offsets are equal become an offset together: the rest of them would
     * be skipped after a restart.
     */
    Comparator<Map<String, ?>> progress();

    /** Whether reading may go on behind a record. */
    default boolean mayResumeAt(SourceRecord record) {
        return true;
    }

    /**
     * What works beside the engine.
     *
     * @param streaming whether the engine is past its own snapshot, which reads all tables as they are
     * @param again reads all rows of tables
     */
    DebeziumReader.Companion companion(BooleanSupplier streaming, TableSnapshot again);
}

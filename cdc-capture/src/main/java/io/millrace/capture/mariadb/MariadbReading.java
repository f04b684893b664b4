package io.millrace.capture.mariadb;

import io.millrace.capture.CaptureConfig;
import io.millrace.capture.encode.BinlogOrder;
import io.millrace.capture.offset.StateJournal;
import io.millrace.capture.offset.TableShape;
import io.millrace.capture.read.DebeziumReader;
import io.millrace.capture.read.Reading;
import io.millrace.capture.read.TableSnapshot;
import io.millrace.schemas.event.BinlogPosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A MariaDB server as Debezium reads it. */
public final class MariadbReading implements Reading {
    /** By log, the transaction's place in it, the events of the transaction that are done, and the rows of the next one. */
    public static final Comparator<Map<String, ?>> PROGRESS = Comparator.<Map<String, ?>>comparingLong(offset ->
                    BinlogPosition.logNumber(String.valueOf(offset.get("file"))).orElse(0))
            .thenComparingLong(offset -> number(offset, "pos"))
            .thenComparingLong(offset -> number(offset, "event"))
            .thenComparingLong(offset -> number(offset, "row"));

    private static final Logger LOG = LoggerFactory.getLogger(MariadbReading.class);

    private final CaptureConfig config;
    private final MariadbFacts facts;
    private final StateJournal journal;
    private final TableRoutes routes;
    private final BinlogOrder order;
    private final Silence silence = new Silence();

    MariadbReading(CaptureConfig config, MariadbFacts facts, StateJournal journal) {
        this.config = config;
        this.facts = facts;
        this.journal = journal;
        this.routes = new TableRoutes(config.tables());
        this.order = new BinlogOrder(journal);
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
        return MariadbSettings.of(config, facts);
    }

    @Override
    public Properties settingsToReadAgain(String listener, Set<TableId> tables) {
        return MariadbSettings.readAgain(config, listener, tables, new MariadbServer(config).inspect());
    }

    @Override
    public void rest() {
        silence.begins(System.nanoTime());
    }

    @Override
    public void hear(SourceRecord record) {
        silence.ends();
        ChangedTables changed = ChangedTables.read(config.source().name(), record);
        if (changed == null) {
            return;
        }
        changed.tables().forEach(change -> note(changed, change));
        if (changed.tables().isEmpty() && !changed.insideSnapshot()) {
            requireReadable(changed.statement());
        }
    }

    private void note(ChangedTables changed, ChangedTables.Change change) {
        TableRoute route = routes.find(change.table());
        if (route == null) {
            return;
        }
        String name = change.table().qualifiedName();
        TableShape before = journal.shapes().get(name);
        TableShape now = change.shape();
        if (now == null) {
            journal.forget(name);
            return;
        }
        Optional<String> reason = changed.insideSnapshot() || change.created()
                ? Optional.empty()
                : RowsChanged.reason(changed.statement(), before, now, route.renames());
        reason.ifPresent(why -> LOG.info("All rows of {} are to be read: {}", name, why));
        journal.note(name, before == null ? now : now.after(before), reason.isPresent());
    }

    /** A statement that Debezium could not read leaves it with a wrong idea of the table: better none. */
    private void requireReadable(String statement) {
        String words = statement.toLowerCase(Locale.ROOT);
        if (words.contains("inet4") || words.contains("inet6")) {
            for (TableRoute route : config.routesOf(facts.tables().keySet())) {
                if (words.contains(route.table().name().toLowerCase(Locale.ROOT))) {
                    throw new UnreadableTableException("Cannot follow table: "
                            + route.table().qualifiedName()
                            + ". It may have got a column of type inet4 or inet6, which Debezium does not read. Take the"
                            + " column out again, delete the capture's state, and start it anew");
                }
            }
        }
    }

    @Override
    public void place(SourceRecord record) {
        Struct envelope = (Struct) record.value();
        Struct source = envelope.getStruct("source");
        order.stamp(source, record.sourceOffset());
        boolean streamed = !"r".equals(envelope.getString("op"));
        BinlogValues.mend(envelope.schema().field("before") == null ? null : envelope.getStruct("before"), streamed);
        BinlogValues.mend(envelope.schema().field("after") == null ? null : envelope.getStruct("after"), streamed);
        BinlogValues.mend((Struct) record.key(), streamed);
    }

    private void placeReadAgain(SourceRecord record) {
        place(record);
        ((Struct) record.value()).getStruct("source").put("snapshot", "incremental");
    }

    @Override
    public Comparator<Map<String, ?>> progress() {
        return PROGRESS;
    }

    /**
     * Debezium takes a statement that changes a table for an open transaction, and counts the server's signs of life as events of it:
     * after a restart it would skip as many events of the transactions that follow. So nothing but changes and statements
     * is resumed at while its count goes on; theirs is right.
     */
    @Override
    public boolean mayResumeAt(SourceRecord record) {
        boolean signOfLife =
                record.value() instanceof Struct value && value.schema().field("source") == null;
        return !signOfLife || !record.sourceOffset().containsKey("event");
    }

    @Override
    public DebeziumReader.Companion companion(BooleanSupplier streaming, TableSnapshot again) {
        return new MariadbCompanion(
                silence,
                new UnreadTables(config.source().name(), journal, tables -> again.read(tables, this::placeReadAgain)),
                streaming);
    }
}

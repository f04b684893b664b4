package io.millrace.capture.mariadb;

import io.debezium.config.Configuration;
import io.debezium.document.DocumentReader;
import io.debezium.document.DocumentWriter;
import io.debezium.relational.history.AbstractSchemaHistory;
import io.debezium.relational.history.HistoryRecord;
import io.debezium.relational.history.HistoryRecordComparator;
import io.debezium.relational.history.SchemaHistoryException;
import io.debezium.relational.history.SchemaHistoryListener;
import io.millrace.capture.offset.SchemaLog;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's memory of what the tables looked like, in a {@link SchemaLog}: the binary log has rows without the names of their
 * columns.
 *
 * <p>Debezium makes this object by its class name, so the log is handed over by the name in {@value #LOG}.
 */
public final class BinlogHistory extends AbstractSchemaHistory {
    /** The setting that names the log, behind the prefix of the history's settings. */
    static final String LOG = "millrace.log";

    private static final Map<String, SchemaLog> LOGS = new ConcurrentHashMap<>();

    private @Nullable SchemaLog log;

    /** Hands a log over to the engine that is about to start. */
    static void offer(String name, SchemaLog log) {
        LOGS.put(name, log);
    }

    @Override
    public void configure(
            Configuration settings,
            HistoryRecordComparator comparator,
            SchemaHistoryListener listener,
            boolean useCatalogBeforeSchema) {
        super.configure(settings, comparator, listener, useCatalogBeforeSchema);
        String name = settings.getString(CONFIGURATION_FIELD_PREFIX_STRING + LOG);
        log = name == null ? null : LOGS.get(name);
        if (log == null) {
            throw new SchemaHistoryException("Cannot find log of the tables' history: " + name);
        }
    }

    /** Durable with the next offsets, which come later; see {@link SchemaLog}. */
    @Override
    protected void storeRecord(HistoryRecord record) {
        try {
            log().append(DocumentWriter.defaultWriter().write(record.document()));
        } catch (IOException e) {
            throw new SchemaHistoryException("Cannot write to memory", e);
        }
    }

    @Override
    protected void recoverRecords(Consumer<HistoryRecord> records) {
        for (String line : log().lines()) {
            try {
                records.accept(new HistoryRecord(DocumentReader.defaultReader().read(line)));
            } catch (IOException e) {
                throw new SchemaHistoryException("Cannot read the tables' history: a line is no JSON", e);
            }
        }
    }

    @Override
    public boolean exists() {
        return !log().isEmpty();
    }

    @Override
    public boolean storageExists() {
        return true;
    }

    private SchemaLog log() {
        if (log == null) {
            throw new IllegalStateException("Cannot keep the tables' history before configure()");
        }
        return log;
    }
}

package io.millrace.capture.mariadb;

import io.millrace.capture.offset.StateJournal;
import io.millrace.schemas.event.TableId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the tables again that are noted as unread. A table stays noted, durably, until its rows are on
 * the stream; failures are logged and tried again.
 */
final class UnreadTables {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadTables.class);

    private final String source;
    private final StateJournal journal;
    private final RowReader rows;

    /** Puts all rows of tables on the stream; returns when they are acknowledged. */
    @FunctionalInterface
    interface RowReader {
        void read(Set<TableId> tables) throws InterruptedException;
    }

    UnreadTables(String source, StateJournal journal, RowReader rows) {
        this.source = source;
        this.journal = journal;
        this.rows = rows;
    }

    /** Reads those that are noted now, if any are. */
    void read() {
        Map<String, Integer> unread = journal.unread();
        if (unread.isEmpty()) {
            return;
        }
        Set<TableId> tables = new HashSet<>();
        unread.keySet().forEach(name -> {
            String[] parts = name.split("\\.", 2);
            tables.add(new TableId(source, parts[0], parts[1]));
        });
        try {
            LOG.info("Reading all rows of {}", unread.keySet());
            rows.read(tables);
            journal.read(unread);
            LOG.info("Read all rows of {}", unread.keySet());
        } catch (RuntimeException e) {
            LOG.warn("Cannot read the rows of {} now, trying again: {}", unread.keySet(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

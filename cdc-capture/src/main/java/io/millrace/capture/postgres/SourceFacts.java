package io.millrace.capture.postgres;

import io.millrace.capture.preflight.ColumnChecks.Kind;
import io.millrace.schemas.event.TableId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a PostgreSQL server says about itself, the capture's user and the tables.
 *
 * @param user who the capture connects as
 * @param walLevel the setting {@code wal_level}
 * @param mayReplicate whether the user has REPLICATION or is a superuser
 * @param mayCreate whether the user may create a publication in the database
 * @param maxSlots the setting {@code max_replication_slots}
 * @param slots how many replication slots there are
 * @param slot the capture's own slot; null if there is none
 * @param publication the capture's own publication; null if there is none
 * @param tables the tables that exist
 */
public record SourceFacts(
        String user,
        String walLevel,
        boolean mayReplicate,
        boolean mayCreate,
        int maxSlots,
        int slots,
        @Nullable Slot slot,
        @Nullable Publication publication,
        Map<TableId, Table> tables) {

    /**
     * A replication slot.
     *
     * @param activePid the server process that reads it; 0 if nobody does
     * @param confirmedLsn up to where its reader has everything, unsigned; the server may have thrown away what is before
     * @param lost whether the server has thrown away what its reader still needs
     */
    public record Slot(int activePid, long confirmedLsn, boolean lost) {}

    /**
     * A publication.
     *
     * @param owned whether the user may change it
     * @param allTables whether it has all tables, those to come among them
     * @param viaRoot whether changes of a partitioned table are told as its own, and not as its partitions'
     * @param tables its tables
     */
    public record Publication(boolean owned, boolean allTables, boolean viaRoot, Set<TableId> tables) {

        public Publication {
            tables = Set.copyOf(tables);
        }

        boolean has(TableId table) {
            return allTables || tables.contains(table);
        }
    }

    /**
     * A table.
     *
     * @param isTable whether it is an ordinary or partitioned table, and not a view or a foreign table
     * @param isPartitioned whether its rows are in partitions
     * @param hasHeirs whether other tables inherit from it, as partitions do not
     * @param owned whether the user may add it to a publication
     * @param readable whether the user may select from it
     * @param columns the columns in order, with whether they are NOT NULL
     * @param untold generated columns whose values the log does not tell
     * @param primaryKey the columns of the primary key; empty if there is none
     * @param uniqueKeys the columns of every unique index, the primary key's among them, that holds for all rows
     * @param identity the columns whose old values the server writes for updates and deletes
     * @param kinds what kinds of values columns have; without those of which that is not known
     */
    public record Table(
            boolean isTable,
            boolean isPartitioned,
            boolean hasHeirs,
            boolean owned,
            boolean readable,
            Map<String, Boolean> columns,
            Set<String> untold,
            List<String> primaryKey,
            List<Set<String>> uniqueKeys,
            Set<String> identity,
            Map<String, Kind> kinds) {}
}

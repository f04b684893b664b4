package io.millrace.capture.mariadb;

import io.millrace.schemas.event.TableId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a MariaDB server says about itself, the capture's user and the tables.
 *
 * @param user who the capture connects as, such as {@code millrace@%}
 * @param version the server's version
 * @param serverId the server's own {@code server_id}
 * @param settings the server's variables, by name
 * @param grants the privileges that the user has on everything, in upper case
 * @param unlogged databases whose changes are not written to the binary log, by a filter of the server's
 * @param logs the binary logs that are there, the oldest first; empty if the user may not ask
 * @param gtids the last transaction of each domain that is in the binary log
 * @param tables the tables that exist
 */
record MariadbFacts(
        String user,
        String version,
        long serverId,
        Map<String, String> settings,
        Set<String> grants,
        Set<String> unlogged,
        List<Log> logs,
        Gtids gtids,
        Map<TableId, Table> tables) {

    /**
     * A binary log.
     *
     * @param file its name
     * @param number the number in it
     * @param before the last transaction of each domain before it
     */
    record Log(String file, long number, Gtids before) {}

    /**
     * A table.
     *
     * @param isTable whether it is a table, and not a view
     * @param isVersioned whether it is system-versioned, and so keeps its rows' history
     * @param readable whether the user may select from it
     * @param columns the columns in order
     * @param primaryKey the columns of the primary key; empty if there is none
     * @param uniqueKeys the columns of every unique index, the primary key's among them
     */
    record Table(
            boolean isTable,
            boolean isVersioned,
            boolean readable,
            List<Column> columns,
            List<String> primaryKey,
            List<Set<String>> uniqueKeys) {

        List<String> names() {
            return columns.stream().map(Column::name).toList();
        }
    }

    /**
     * A column.
     *
     * @param name its name
     * @param type the name of its type, in lower case
     * @param nullable whether it may be null
     */
    record Column(String name, String type, boolean nullable) {}

    /** A variable of the server's; empty if it has none of this name. */
    String setting(String name) {
        return settings.getOrDefault(name, "");
    }

    boolean isOn(String name) {
        return setting(name).equals("1") || setting(name).equalsIgnoreCase("ON");
    }
}

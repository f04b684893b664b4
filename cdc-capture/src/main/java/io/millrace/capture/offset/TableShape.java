package io.millrace.capture.offset;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A source table as far as rows that nobody changes depend on it.
 *
 * @param oid the server's number of the table, another one if the table was dropped and made again
 * @param columns the columns in order
 * @param key the columns of the primary key, in order; empty if there is none
 * @param keyOid the server's number of the primary key, another one whenever the key was dropped and made again; 0 if there is
 *     none, or if it is not known
 * @param formerNames names that columns of the table had and that none has now
 */
public record TableShape(long oid, List<Column> columns, List<String> key, long keyOid, Set<String> formerNames) {

    /**
     * A column.
     *
     * @param number the server's number of the column, which never changes and is never given again
     * @param name its name
     * @param type its type in SQL
     * @param filled whether rows that were there before the column have a value in it, from a default or an expression
     * @param entry what the server's catalog says of the column, that it may be null for instance, as a digest; empty if it is not
     *     known
     * @param entryVersion another number whenever the catalog's entry was written, also if it says the same as before
     */
    public record Column(int number, String name, String type, boolean filled, String entry, long entryVersion) {

        public Column {
            // States of earlier releases do not have it.
            entry = Objects.requireNonNullElse(entry, "");
        }

        /** A column of whose entry in the catalog nothing is known. */
        public Column(int number, String name, String type, boolean filled) {
            this(number, name, type, filled, "", 0);
        }
    }

    public TableShape {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        formerNames = new TreeSet<>(formerNames);
    }

    /** This shape, with the names that columns had in an earlier one. */
    public TableShape after(TableShape earlier) {
        Set<String> former = new TreeSet<>(earlier.formerNames);
        former.addAll(earlier.names());
        former.removeAll(names());
        return new TableShape(oid, columns, key, keyOid, former);
    }

    private Set<String> names() {
        return columns.stream().map(Column::name).collect(Collectors.toSet());
    }
}

package io.millrace.schemas.event;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a source table at the moment a change was written, in the source's order. */
public final class RowSchema {
    private final List<Column> columns;
    private final Map<String, Integer> positions;
    private final List<String> keyColumns;

    /**
     * Takes the columns of one table.
     *
     * @throws IllegalArgumentException if two columns have one name
     */
    public RowSchema(List<Column> columns) {
        this(columns, List.of());
    }

    /**
     * Takes the columns of one table whose key is known.
     *
     * @param key the names of the key's columns, in any order
     * @throws IllegalArgumentException if two columns have one name
     */
    public RowSchema(List<Column> columns, Collection<String> key) {
        this.columns = List.copyOf(columns);
        this.positions = new HashMap<>();
        for (int i = 0; i < this.columns.size(); i++) {
            if (positions.put(this.columns.get(i).name(), i) != null) {
                throw new IllegalArgumentException("Cannot take two columns of one name: "
                        + this.columns.get(i).name());
            }
        }
        this.keyColumns =
                columns.stream().map(Column::name).filter(key::contains).toList();
    }

    /** The columns of the source's own key, in the order of the columns; empty if the writer did not tell. */
    public List<String> keyColumns() {
        return keyColumns;
    }

    public List<Column> columns() {
        return columns;
    }

    /** The place of a column, or -1 if the table has none of this name. */
    public int indexOf(String column) {
        return positions.getOrDefault(column, -1);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof RowSchema that
                        && columns.equals(that.columns)
                        && keyColumns.equals(that.keyColumns));
    }

    @Override
    public int hashCode() {
        return columns.hashCode();
    }

    @Override
    public String toString() {
        return columns.toString();
    }
}

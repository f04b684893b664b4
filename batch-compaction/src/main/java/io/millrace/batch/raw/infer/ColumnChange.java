package io.millrace.batch.raw.infer;

import java.util.List;
import java.util.stream.Collectors;

/** Something that has to be done to a table before files can be loaded into it. */
public sealed interface ColumnChange {

    /** The change in Spark's SQL. */
    String ddl(String table);

    /**
     * The table is not there.
     *
     * @param columns the columns, without the job's own
     * @param partitionBy the partition fields
     */
    record Create(List<TableColumn> columns, List<String> partitionBy) implements ColumnChange {
        @Override
        public String ddl(String table) {
            String partitions = partitionBy.isEmpty() ? "" : " PARTITIONED BY (" + String.join(", ", partitionBy) + ")";
            return columns.stream()
                    .map(column -> quoted(column.name()) + " " + column.sqlType())
                    .collect(Collectors.joining(", ", "CREATE TABLE " + table + " (", ") USING iceberg" + partitions));
        }
    }

    /** The table has no such column. */
    record Add(TableColumn column) implements ColumnChange {
        @Override
        public String ddl(String table) {
            return "ALTER TABLE " + table + " ADD COLUMN " + quoted(column.name()) + " " + column.sqlType();
        }
    }

    /**
     * The column is too narrow.
     *
     * @param column the column as it has to be
     */
    record Widen(TableColumn column) implements ColumnChange {
        @Override
        public String ddl(String table) {
            return "ALTER TABLE " + table + " ALTER COLUMN " + quoted(column.name()) + " TYPE " + column.sqlType();
        }
    }

    private static String quoted(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : "`" + name.replace("`", "``") + "`";
    }
}

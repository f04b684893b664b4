package io.millrace.capture.mariadb;

import io.millrace.capture.offset.TableShape;
import io.millrace.schemas.event.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one of Debezium's records says of changed tables.
 *
 * @param statement the statement that changed them
 * @param insideSnapshot whether it only tells what the tables look like at the snapshot
 * @param tables the tables with their shapes from then on; none of tables that were dropped
 */
record ChangedTables(String statement, boolean insideSnapshot, List<Change> tables) {

    /**
     * One table.
     *
     * @param created whether the statement made it, without rows that no event tells of
     * @param shape null if it was dropped
     */
    record Change(TableId table, boolean created, @Nullable TableShape shape) {}

    /** What a record says; null if it says nothing of tables. */
    static @Nullable ChangedTables read(String source, SourceRecord record) {
        if (!(record.value() instanceof Struct value)
                || value.schema().field("ddl") == null
                || value.schema().field("tableChanges") == null) {
            return null;
        }
        String statement = value.getString("ddl") == null ? "" : value.getString("ddl");
        List<Change> tables = new ArrayList<>();
        for (Object each : value.getArray("tableChanges")) {
            Struct change = (Struct) each;
            String[] id = change.getString("id").replace("\"", "").split("\\.", 2);
            if (id.length == 2) {
                String type = change.getString("type");
                tables.add(new Change(
                        new TableId(source, id[0], id[1]),
                        type.equals("CREATE"),
                        type.equals("DROP") ? null : shape(change.getStruct("table"))));
            }
        }
        Object marker = value.getStruct("source").get("snapshot");
        return new ChangedTables(
                statement,
                record.sourceOffset().containsKey("snapshot")
                        || (marker != null && !marker.toString().equals("false")),
                tables);
    }

    private static TableShape shape(Struct table) {
        List<TableShape.Column> columns = new ArrayList<>();
        for (Object each : table.getArray("columns")) {
            Struct column = (Struct) each;
            columns.add(new TableShape.Column(
                    column.getInt32("position"), column.getString("name"), type(column), isFilled(column)));
        }
        List<String> key = new ArrayList<>();
        table.getArray("primaryKeyColumnNames").forEach(name -> key.add(String.valueOf(name)));
        return new TableShape(0, columns, key, 0, Set.of());
    }

    /** The type with all that its values' texts depend on. */
    private static String type(Struct column) {
        StringBuilder type =
                new StringBuilder(column.getString("typeExpression").toLowerCase(Locale.ROOT));
        Integer length = column.getInt32("length");
        if (length != null) {
            type.append('(').append(length);
            Integer scale = column.getInt32("scale");
            type.append(scale == null ? "" : "," + scale).append(')');
        }
        if (column.schema().field("charsetName") != null && column.getString("charsetName") != null) {
            type.append(' ').append(column.getString("charsetName"));
        }
        Field words = column.schema().field("enumValues");
        if (words != null && words.schema().type() == Schema.Type.ARRAY && column.getArray("enumValues") != null) {
            type.append(' ').append(column.getArray("enumValues"));
        }
        return column.getBoolean("optional")
                ? type.toString()
                : type.append(" not null").toString();
    }

    /** Whether rows that were there before the column have a value in it: a default, told or implied, or a computed one. */
    private static boolean isFilled(Struct column) {
        String value = column.schema().field("defaultValueExpression") == null
                ? null
                : column.getString("defaultValueExpression");
        return !column.getBoolean("optional")
                || column.getBoolean("generated")
                || column.getBoolean("autoIncremented")
                || (value != null && !value.equalsIgnoreCase("NULL"));
    }
}

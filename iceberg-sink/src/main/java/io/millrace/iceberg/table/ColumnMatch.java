package io.millrace.iceberg.table;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Pairs a change's columns with the table's: by name, and across the renames that the caller knows of.
 *
 * <pre>
 * known: b was a.   change has b, table has a and no b  → the table's a is to be renamed
 *                   change has a and no b, table has b  → a late change from before the rename: its a is the table's b
 * </pre>
 *
 * <p>A rename comes before everything else: if the table's {@code a} is the change's {@code b}, then an {@code a} that the
 * change has as well is another column, added after the rename.
 */
final class ColumnMatch {
    private final Map<String, String> tableColumns = new HashMap<>();
    private final Map<String, String> renamed = new LinkedHashMap<>();

    private ColumnMatch() {}

    /**
     * Pairs.
     *
     * @param renames a column's name to the one it had before, possibly in several steps; without circles
     */
    static ColumnMatch of(Schema table, Schema change, Map<String, String> renames) {
        ColumnMatch match = new ColumnMatch();
        Types.StructType target = table.asStruct();
        Set<String> taken = new HashSet<>();
        for (Types.NestedField column : renames.isEmpty() ? java.util.List.<Types.NestedField>of() : change.columns()) {
            if (target.field(column.name()) == null) {
                String former = former(column.name(), target, renames);
                if (former != null && taken.add(former)) {
                    match.renamed.put(former, column.name());
                    match.tableColumns.put(column.name(), former);
                }
            }
        }
        for (Types.NestedField column : change.columns()) {
            String name = column.name();
            if (match.tableColumns.containsKey(name)) {
                continue;
            }
            if (target.field(name) != null && !taken.contains(name)) {
                match.tableColumns.put(name, name);
            } else if (target.field(name) == null) {
                String later = later(name, target, change.asStruct(), renames);
                if (later != null && taken.add(later)) {
                    match.tableColumns.put(name, later);
                }
            }
        }
        return match;
    }

    private static @Nullable String former(String column, Types.StructType table, Map<String, String> renames) {
        for (String name = renames.get(column); name != null; name = renames.get(name)) {
            if (table.field(name) != null) {
                return name;
            }
        }
        return null;
    }

    private static @Nullable String later(
            String column, Types.StructType table, Types.StructType change, Map<String, String> renames) {
        for (String name : renames.keySet()) {
            for (String old = renames.get(name); old != null; old = renames.get(old)) {
                if (old.equals(column) && table.field(name) != null && change.field(name) == null) {
                    return name;
                }
            }
        }
        return null;
    }

    /** The table's column that a change's column goes into; null if the table has none yet. */
    @Nullable
    String tableColumn(String changeColumn) {
        return tableColumns.get(changeColumn);
    }

    /** The table's columns that have another name now, with that name. */
    Map<String, String> renamed() {
        return renamed;
    }
}

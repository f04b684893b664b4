package io.millrace.iceberg.table;

import io.millrace.iceberg.ChangeReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** How changes of one schema become rows of the table's schema. Valid until either changes. */
public final class RowLayout {
    private final List<Types.NestedField> columns;
    private final Set<String> keyColumns;
    private final int[] sources;
    private final boolean[] widened;

    /** Takes a change's schema that {@link SchemaPlan} has found to fit. */
    public RowLayout(Schema table, Schema change, Set<String> keyColumns, Map<String, String> renames) {
        ColumnMatch match = ColumnMatch.of(table, change, renames);
        this.columns = table.columns();
        this.keyColumns = keyColumns;
        this.sources = new int[columns.size()];
        this.widened = new boolean[columns.size()];
        List<Types.NestedField> changed = change.columns();
        for (int i = 0; i < sources.length; i++) {
            Types.NestedField column = columns.get(i);
            sources[i] = -1;
            for (int j = 0; j < changed.size(); j++) {
                if (column.name().equals(match.tableColumn(changed.get(j).name()))) {
                    sources[i] = j;
                    widened[i] = TypeFit.of(column.type(), changed.get(j).type()) == TypeFit.TABLE_WIDER;
                }
            }
        }
    }

    /** A change as a row of the table, or why it is none. */
    public sealed interface Outcome {}

    /**
     * The row.
     *
     * @param bytes its size in memory, estimated
     */
    public record Fitting(ArrayRow row, int bytes) implements Outcome {}

    /** No row: a key column is missing. */
    public record KeyMissing(String message) implements Outcome {}

    /** No row: a value is not what its column takes. */
    public record Unfit(String message) implements Outcome {}

    public <T> Outcome row(ChangeReader<T, ?> reader, T change) {
        @Nullable Object[] values = new Object[sources.length];
        int bytes = 64 + 8 * sources.length;
        for (int i = 0; i < sources.length; i++) {
            Types.NestedField column = columns.get(i);
            Object value = sources[i] < 0 ? null : reader.value(change, sources[i]);
            if (value == null) {
                if (keyColumns.contains(column.name())) {
                    return new KeyMissing("Cannot write a row without a value in key column " + column.name() + ".");
                }
                if (column.isRequired()) {
                    return new Unfit("Cannot write null into required column " + column.name() + ".");
                }
                continue;
            }
            Object fitting = widened[i] ? widen(column.type(), value) : value;
            if (!takes(column.type(), fitting)) {
                return new Unfit("Cannot write a " + value.getClass().getSimpleName() + " into column " + column.name()
                        + " of type " + column.type() + ".");
            }
            values[i] = fitting;
            bytes += bytes(fitting);
        }
        return new Fitting(new ArrayRow(values), bytes);
    }

    private static Object widen(Type type, Object value) {
        if (type.typeId() == Type.TypeID.LONG && value instanceof Integer number) {
            return number.longValue();
        }
        if (type.typeId() == Type.TypeID.DOUBLE && value instanceof Float number) {
            return number.doubleValue();
        }
        if (type.isListType() && value instanceof List<?> list) {
            List<@Nullable Object> widened = new ArrayList<>(list.size());
            for (Object element : list) {
                widened.add(element == null ? null : widen(type.asListType().elementType(), element));
            }
            return widened;
        }
        return value;
    }

    private static boolean takes(Type type, Object value) {
        return switch (type.typeId()) {
            case STRING -> value instanceof CharSequence;
            case BINARY, FIXED -> value instanceof ByteBuffer;
            case LIST ->
                value instanceof List<?> list
                        && list.stream()
                                .allMatch(element -> element == null
                                        || takes(type.asListType().elementType(), element));
            case DECIMAL ->
                value instanceof java.math.BigDecimal decimal
                        && decimal.scale() == ((Types.DecimalType) type).scale()
                        && decimal.precision() <= ((Types.DecimalType) type).precision();
            default -> type.typeId().javaClass().isInstance(value);
        };
    }

    private static int bytes(Object value) {
        if (value instanceof CharSequence text) {
            return 48 + text.length();
        }
        if (value instanceof ByteBuffer buffer) {
            return 48 + buffer.remaining();
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().mapToInt(e -> e == null ? 8 : bytes(e)).sum() + 48;
        }
        if (value instanceof Map<?, ?> map) {
            return bytes(map.keySet()) + bytes(map.values());
        }
        return 24;
    }
}

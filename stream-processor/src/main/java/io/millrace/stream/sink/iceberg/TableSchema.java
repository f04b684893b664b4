package io.millrace.stream.sink.iceberg;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.RowSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Source columns as Iceberg columns.
 *
 * <p>Times of day, UUIDs and JSON become strings, as Spark, Athena and Redshift do not read Iceberg's time and UUID types.
 * Columns are optional even where the source says NOT NULL, as the source may say otherwise tomorrow; key columns are not.
 */
final class TableSchema {

    private TableSchema() {}

    /** The columns with these names are required. */
    static Schema of(RowSchema schema, Collection<String> keyColumns) {
        List<Types.NestedField> fields = new ArrayList<>();
        int columns = schema.columns().size();
        for (int i = 0; i < columns; i++) {
            Column column = schema.columns().get(i);
            Type type = type(column.type(), columns + i + 1);
            fields.add(
                    keyColumns.contains(column.name())
                            ? Types.NestedField.required(i + 1, column.name(), type)
                            : Types.NestedField.optional(i + 1, column.name(), type));
        }
        return new Schema(fields);
    }

    private static Type type(ColumnType type, int elementId) {
        if (type instanceof Array array) {
            return Types.ListType.ofOptional(elementId, type(array.element(), 0));
        }
        if (type instanceof Decimal decimal) {
            return Types.DecimalType.of(decimal.precision(), decimal.scale());
        }
        return switch ((Primitive) type) {
            case BOOLEAN -> Types.BooleanType.get();
            case INT32 -> Types.IntegerType.get();
            case INT64 -> Types.LongType.get();
            case FLOAT32 -> Types.FloatType.get();
            case FLOAT64 -> Types.DoubleType.get();
            case STRING, TIME, UUID, JSON -> Types.StringType.get();
            case BYTES -> Types.BinaryType.get();
            case DATE -> Types.DateType.get();
            case TIMESTAMP -> Types.TimestampType.withoutZone();
            case TIMESTAMP_TZ -> Types.TimestampType.withZone();
        };
    }

    /** A value as its Iceberg column holds it; most are what they are. */
    static @Nullable Object value(ColumnType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (type == Primitive.TIME || type == Primitive.UUID) {
            return KeyText.of(type, value);
        }
        if (type instanceof Array array && (array.element() == Primitive.TIME || array.element() == Primitive.UUID)) {
            List<@Nullable Object> texts = new ArrayList<>();
            for (Object element : (List<?>) value) {
                texts.add(value(array.element(), element));
            }
            return texts;
        }
        return value;
    }

    /** What the key text of a value of an Iceberg column must have been made from. */
    static ColumnType columnType(Type type) {
        return switch (type.typeId()) {
            case BOOLEAN -> Primitive.BOOLEAN;
            case INTEGER -> Primitive.INT32;
            case LONG -> Primitive.INT64;
            case FLOAT -> Primitive.FLOAT32;
            case DOUBLE -> Primitive.FLOAT64;
            case BINARY, FIXED -> Primitive.BYTES;
            case DATE -> Primitive.DATE;
            case TIMESTAMP ->
                ((Types.TimestampType) type).shouldAdjustToUTC() ? Primitive.TIMESTAMP_TZ : Primitive.TIMESTAMP;
            case DECIMAL -> {
                Types.DecimalType decimal = (Types.DecimalType) type;
                yield new Decimal(decimal.precision(), decimal.scale());
            }
            // Strings hold strings, and texts of times and UUIDs, which are their own key texts.
            default -> Primitive.STRING;
        };
    }
}

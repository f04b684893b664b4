package io.millrace.batch.raw.infer;

import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import java.io.Serializable;
import java.util.Locale;

/**
 * A column of the table that files are loaded into.
 *
 * @param name its name as the table has it; names are told apart without regard to case
 * @param type its type; of those that become texts in Iceberg, text
 */
public record TableColumn(String name, ColumnType type) implements Serializable {

    /** What its name is known by. */
    public String id() {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The type in Spark's SQL. */
    public String sqlType() {
        if (type instanceof ColumnType.Decimal decimal) {
            return "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
        }
        return switch ((Primitive) type) {
            case BOOLEAN -> "boolean";
            case INT32 -> "int";
            case INT64 -> "bigint";
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
            case BYTES -> "binary";
            case DATE -> "date";
            case TIMESTAMP -> "timestamp_ntz";
            case TIMESTAMP_TZ -> "timestamp";
            case STRING, TIME, UUID, JSON -> "string";
        };
    }

    /** The type as a landing file declares it. */
    public String declaredType() {
        if (type instanceof ColumnType.Decimal) {
            return sqlType();
        }
        return switch ((Primitive) type) {
            case TIMESTAMP -> "timestamp";
            case TIMESTAMP_TZ -> "timestamptz";
            default -> type.toString().toLowerCase(Locale.ROOT);
        };
    }

    /** The type that a value of this column has in the table: several of the source's are texts there. */
    public static ColumnType stored(ColumnType type) {
        return type == Primitive.TIME || type == Primitive.UUID || type == Primitive.JSON ? Primitive.STRING : type;
    }
}

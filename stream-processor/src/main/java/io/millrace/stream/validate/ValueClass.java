package io.millrace.stream.validate;

import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be said of a value without telling it. */
final class ValueClass {
    private ValueClass() {}

    /** Such as {@code null}, {@code an empty text}, {@code a text of 300 characters}, {@code a negative number}. */
    static String of(ColumnType type, @Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (type instanceof ColumnType.Array) {
            return "a list of " + count(((List<?>) value).size(), "element");
        }
        if (type instanceof ColumnType.Decimal) {
            return number(((BigDecimal) value).signum());
        }
        return switch ((Primitive) type) {
            case BOOLEAN -> "a boolean";
            case INT32 -> number(Integer.signum((Integer) value));
            case INT64 -> number(Long.signum((Long) value));
            case FLOAT32, FLOAT64 -> real(((Number) value).doubleValue());
            case STRING -> text((String) value);
            case JSON -> "a JSON of " + count(characters((String) value), "character");
            case BYTES -> count(((ByteBuffer) value).remaining(), "byte");
            case DATE -> "a date";
            case TIME -> "a time of day";
            case TIMESTAMP, TIMESTAMP_TZ -> "a timestamp";
            case UUID -> "a UUID";
        };
    }

    /** Characters as people count them, and not Java's chars. */
    static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String text(String value) {
        if (value.isEmpty()) {
            return "an empty text";
        }
        return (value.isBlank() ? "a blank text of " : "a text of ") + count(characters(value), "character");
    }

    private static String real(double value) {
        return Double.isFinite(value) ? number((int) Math.signum(value)) : "a number that is not finite";
    }

    private static String number(int signum) {
        return signum < 0 ? "a negative number" : signum == 0 ? "zero" : "a positive number";
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}

package io.millrace.schemas.event;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The canonical text of a value: equal values have equal texts, whatever way they came and whatever engine holds them.
 *
 * <p>A text does not change when the column is widened (int to bigint, more digits before the point of a decimal).
 */
public final class KeyText {
    private static final long MICROS_PER_SECOND = 1_000_000;

    /** As {@link #timeOfDay} writes it, or with fewer digits behind the point. */
    private static final Pattern TIME = Pattern.compile(
            "-?(?<hours>\\d{2,3}):(?<minutes>[0-5]\\d):(?<seconds>[0-5]\\d)(?:\\.(?<fraction>\\d{1,6}))?");

    private KeyText() {}

    /**
     * The text of a value.
     *
     * <p>Dates are {@code 2024-02-29}, times {@code 13:05:00.000000}, timestamps {@code 2024-02-29T13:05:00.000000}, with
     * a {@code Z} if they have a zone; decimals have exactly their scale's digits behind the point; bytes are base64url
     * without padding; UUIDs are in lower case.
     *
     * @param value a value of the class that the type names; not null and not {@link Unavailable}
     */
    public static String of(ColumnType type, Object value) {
        if (type instanceof ColumnType.Decimal) {
            return ((BigDecimal) value).toPlainString();
        }
        if (type instanceof ColumnType.Array array) {
            return ofElements(array.element(), (List<?>) value);
        }
        return switch ((ColumnType.Primitive) type) {
            case BOOLEAN, INT32, INT64, STRING, JSON, UUID -> value.toString();
            // Adding zero turns -0.0, which databases take for equal to 0.0, into it.
            case FLOAT32 -> Float.toString((Float) value + 0.0f);
            case FLOAT64 -> Double.toString((Double) value + 0.0d);
            case BYTES -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes((ByteBuffer) value));
            case DATE -> LocalDate.ofEpochDay((Integer) value).toString();
            case TIME -> timeOfDay((Long) value);
            case TIMESTAMP -> timestamp((Long) value);
            case TIMESTAMP_TZ -> timestamp((Long) value) + "Z";
        };
    }

    /**
     * The value that a text stands for.
     *
     * @param type the value's type; no array, as the text of one does not tell all of its elements apart
     * @throws RuntimeException of the type's own class if the text stands for none of its values
     */
    public static Object value(ColumnType type, String text) {
        if (type instanceof ColumnType.Decimal decimal) {
            BigDecimal number = new BigDecimal(text).setScale(decimal.scale());
            if (number.precision() > decimal.precision()) {
                throw new ArithmeticException("Cannot fit a number into its digits");
            }
            return number;
        }
        return switch ((ColumnType.Primitive) type) {
            case BOOLEAN -> Boolean.valueOf(text);
            case INT32 -> Integer.valueOf(text);
            case INT64 -> Long.valueOf(text);
            case FLOAT32 -> Float.valueOf(text);
            case FLOAT64 -> Double.valueOf(text);
            case STRING, JSON -> text;
            case UUID -> java.util.UUID.fromString(text);
            case BYTES -> ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            case DATE -> Math.toIntExact(LocalDate.parse(text).toEpochDay());
            case TIME -> microsOfDay(text);
            case TIMESTAMP -> micros(text);
            case TIMESTAMP_TZ -> micros(text.substring(0, text.length() - 1));
        };
    }

    private static long micros(String text) {
        LocalDateTime time = LocalDateTime.parse(text);
        return Math.addExact(
                Math.multiplyExact(time.toEpochSecond(ZoneOffset.UTC), MICROS_PER_SECOND), time.getNano() / 1000L);
    }

    private static long microsOfDay(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new DateTimeException("Cannot read as a time");
        }
        long seconds = Long.parseLong(time.group("hours")) * 3600
                + Long.parseLong(time.group("minutes")) * 60
                + Long.parseLong(time.group("seconds"));
        String fraction = time.group("fraction") == null ? "" : time.group("fraction");
        long micros = seconds * MICROS_PER_SECOND + Long.parseLong((fraction + "000000").substring(0, 6));
        return text.startsWith("-") ? -micros : micros;
    }

    /** A null element is {@code \N}, an empty one {@code \e}; commas and backslashes in an element are escaped. */
    private static String ofElements(ColumnType type, List<?> elements) {
        StringBuilder text = new StringBuilder("[");
        for (Object element : elements) {
            if (text.length() > 1) {
                text.append(',');
            }
            String value = element == null ? null : of(type, element);
            text.append(
                    value == null
                            ? "\\N"
                            : value.isEmpty()
                                    ? "\\e"
                                    : value.replace("\\", "\\\\").replace(",", "\\,"));
        }
        return text.append(']').toString();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static String timestamp(long micros) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND), 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(27).append(time.toLocalDate()).append('T');
        return clock(
                text, time.getHour(), time.getMinute(), time.getSecond(), Math.floorMod(micros, MICROS_PER_SECOND));
    }

    /** Written by hand, as 24:00:00 is a time of day in PostgreSQL, -838:59:59 one in MariaDB, and neither in java.time. */
    private static String timeOfDay(long micros) {
        StringBuilder text = new StringBuilder(17);
        if (micros < 0) {
            text.append('-');
        }
        long size = Math.abs(micros);
        long seconds = size / MICROS_PER_SECOND;
        return clock(text, seconds / 3600, seconds / 60 % 60, seconds % 60, size % MICROS_PER_SECOND);
    }

    private static String clock(StringBuilder text, long hour, long minute, long second, long micros) {
        twoDigits(text, hour).append(':');
        twoDigits(text, minute).append(':');
        twoDigits(text, second).append('.');
        String fraction = Long.toString(micros);
        return text.append("000000", 0, 6 - fraction.length()).append(fraction).toString();
    }

    private static StringBuilder twoDigits(StringBuilder text, long number) {
        return (number < 10 ? text.append('0') : text).append(number);
    }
}

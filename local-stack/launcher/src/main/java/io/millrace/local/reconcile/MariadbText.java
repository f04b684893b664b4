package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Scalar;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the texts that {@link MariadbColumn#expression} asks a MariaDB server for.
 *
 * <p>Dates that are none, such as {@code 0000-00-00} and {@code 2024-00-10}, are null in the targets, and 1970-01-01 where the
 * column may not be null.
 */
final class MariadbText {
    private static final Pattern TIME = Pattern.compile("(-?)(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?");
    private static final LocalDate EPOCH = LocalDate.EPOCH;

    private MariadbText() {}

    /** The canonical text of a value. */
    static @Nullable String canonical(MariadbColumn column, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (column.type()) {
            case BOOLEAN -> String.valueOf(!text.equals("0"));
            case INTEGER -> new BigDecimal(text).toPlainString();
            case REAL -> Canonical.real(Float.parseFloat(text));
            case DOUBLE -> Canonical.real(Double.parseDouble(text));
            case NUMERIC -> new BigDecimal(text).toPlainString();
            case BYTES -> Canonical.bytes(bytes(column, text));
            case DATE -> date(column, text);
            case TIME -> time(text);
            case TIMESTAMP, TIMESTAMP_TZ -> timestamp(column, text);
            case UUID -> text.toLowerCase(Locale.ROOT);
            case TEXT -> text;
            case FREE_NUMERIC, TIME_TZ, INTERVAL, HSTORE ->
                throw new IllegalArgumentException("MariaDB has no type " + column.type());
        };
    }

    /** Bits come as the digits of a number, and go as bytes with the least first. */
    private static byte[] bytes(MariadbColumn column, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (!column.declared().equals("bit")) {
            return bytes;
        }
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static @Nullable String date(MariadbColumn column, String text) {
        if (isDate(text)) {
            return Canonical.date(LocalDate.parse(text));
        }
        return column.nullable() ? null : Canonical.date(EPOCH);
    }

    private static @Nullable String timestamp(MariadbColumn column, String text) {
        String date = text.substring(0, 10);
        if (!isDate(date)) {
            return column.nullable() ? null : canonical(column.type(), EPOCH.atStartOfDay());
        }
        return canonical(column.type(), LocalDate.parse(date).atTime(LocalTime.parse(text.substring(11))));
    }

    private static String canonical(Scalar type, LocalDateTime time) {
        return type == Scalar.TIMESTAMP_TZ ? Canonical.timestampTz(time) : Canonical.timestamp(time);
    }

    private static boolean isDate(String text) {
        return !text.startsWith("0000-") && !text.startsWith("-00", 4) && !text.endsWith("-00");
    }

    private static String time(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return Canonical.unexpected(text);
        }
        String fraction = matcher.group(5) == null ? "" : matcher.group(5);
        return matcher.group(1) + matcher.group(2) + ":" + matcher.group(3) + ":" + matcher.group(4) + "." + fraction
                + "0".repeat(6 - fraction.length());
    }
}

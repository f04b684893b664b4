package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.Scalar;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads PostgreSQL's own text of a value, as a session in UTC with {@code DateStyle ISO}, {@code bytea_output hex} and
 * shortest exact floats writes it.
 */
final class PostgresText {
    private static final Pattern DATE = Pattern.compile("(\\d{4,})-(\\d\\d)-(\\d\\d)");
    private static final Pattern HSTORE_ENTRY =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"=>(?:NULL|\"((?:[^\"\\\\]|\\\\.)*)\")", Pattern.DOTALL);
    private static final String BEFORE_CHRIST = " BC";

    private PostgresText() {}

    /** The canonical text of a value. What no target has a value for, such as an infinite date, stays as it is. */
    static @Nullable String canonical(SourceType type, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (type instanceof Array array) {
            return PostgresArray.canonical(array.element(), text);
        }
        return switch ((Scalar) type) {
            case BOOLEAN -> text.equals("t") || text.equals("true") ? "true" : "false";
            case INTEGER, TEXT -> text;
            case UUID -> text.toLowerCase(Locale.ROOT);
            case REAL -> Canonical.real(Float.parseFloat(text));
            case DOUBLE -> Canonical.real(Double.parseDouble(text));
            case NUMERIC ->
                Character.isLetter(text.charAt(text.length() - 1)) ? text : new BigDecimal(text).toPlainString();
            case BYTES -> Canonical.bytes(HexFormat.of().parseHex(text, 2, text.length()));
            case DATE -> isInfinite(text) ? text : Canonical.date(date(text));
            // 24:00:00 is a time of day in PostgreSQL and none in java.time.
            case TIME -> text.startsWith("24") ? "24:00:00.000000" : Canonical.time(LocalTime.parse(text));
            case TIME_TZ -> Canonical.timeTz(text);
            case INTERVAL -> Canonical.interval(text);
            case HSTORE -> Canonical.map(hstore(text));
            case TIMESTAMP -> isInfinite(text) ? text : Canonical.timestamp(timestamp(text));
            case TIMESTAMP_TZ -> isInfinite(text) ? text : Canonical.timestampTz(timestamp(withoutUtc(text)));
        };
    }

    private static Map<String, @Nullable String> hstore(String text) {
        Map<String, @Nullable String> entries = new HashMap<>();
        Matcher matcher = HSTORE_ENTRY.matcher(text);
        while (matcher.find()) {
            String value = matcher.group(2);
            entries.put(unescaped(matcher.group(1)), value == null ? null : unescaped(value));
        }
        return entries;
    }

    private static String unescaped(String text) {
        return text.replaceAll("(?s)\\\\(.)", "$1");
    }

    private static boolean isInfinite(String text) {
        return text.endsWith("infinity");
    }

    private static LocalDate date(String text) {
        Matcher matcher = DATE.matcher(text);
        if (!matcher.lookingAt()) {
            throw new DateTimeException("Cannot read a date from PostgreSQL: its text has another form");
        }
        int year = Integer.parseInt(matcher.group(1));
        return LocalDate.of(
                text.endsWith(BEFORE_CHRIST) ? 1 - year : year,
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    private static LocalDateTime timestamp(String text) {
        boolean beforeChrist = text.endsWith(BEFORE_CHRIST);
        int blank = text.indexOf(' ');
        String time = text.substring(blank + 1, text.length() - (beforeChrist ? BEFORE_CHRIST.length() : 0));
        return date(text).atTime(LocalTime.parse(time));
    }

    private static String withoutUtc(String text) {
        int offset = text.lastIndexOf("+00");
        if (offset < 0) {
            throw new DateTimeException("Cannot read a timestamp from PostgreSQL: it is not in UTC");
        }
        return text.substring(0, offset) + text.substring(offset + 3);
    }
}

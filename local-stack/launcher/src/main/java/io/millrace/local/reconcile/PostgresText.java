package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.AsBytes;
import io.millrace.local.reconcile.SourceType.Scalar;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.BitSet;
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
    private static final Pattern NUMBER = Pattern.compile("[-+]?(?:[0-9][0-9.e+-]*|Infinity)|NaN");
    private static final Pattern POINT = Pattern.compile("\\((.+),(.+)\\)");
    /** Of a point, in well-known binary. */
    private static final int GEOMETRY_POINT = 1;

    // What Debezium makes of the infinities.
    private static final String DATE_INFINITY = Canonical.date(LocalDate.ofEpochDay(Integer.MAX_VALUE));
    private static final String DATE_MINUS_INFINITY = Canonical.date(LocalDate.ofEpochDay(Integer.MIN_VALUE));
    private static final String INFINITY = Canonical.timestamp(ofMicros(9_223_372_036_825_200_000L));
    private static final String MINUS_INFINITY = Canonical.timestamp(ofMicros(-9_223_372_036_832_400_000L));

    private static final String BEFORE_CHRIST = " BC";

    private PostgresText() {}

    /** The canonical text of a value. */
    static @Nullable String canonical(SourceType type, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (type instanceof Array array) {
            return PostgresArray.canonical(array.element(), text);
        }
        return type instanceof AsBytes bytes ? Canonical.bytes(bytes(bytes, text)) : ofScalar((Scalar) type, text);
    }

    private static String ofScalar(Scalar type, String text) {
        return switch (type) {
            // One bit is a boolean in the targets.
            case BOOLEAN -> text.equals("t") || text.equals("true") || text.equals("1") ? "true" : "false";
            case INTEGER, TEXT -> text;
            case UUID -> text.toLowerCase(Locale.ROOT);
            case REAL -> Canonical.real(Float.parseFloat(text));
            case DOUBLE -> Canonical.real(Double.parseDouble(text));
            case NUMERIC -> Canonical.numeric(text);
            case FREE_NUMERIC -> Canonical.freeNumeric(text);
            case BYTES -> Canonical.bytes(HexFormat.of().parseHex(text, 2, text.length()));
            case DATE ->
                isInfinite(text)
                        ? text.startsWith("-") ? DATE_MINUS_INFINITY : DATE_INFINITY
                        : Canonical.date(date(text));
            // 24:00:00 is a time of day in PostgreSQL and none in java.time.
            case TIME -> text.startsWith("24") ? "24:00:00.000000" : Canonical.time(LocalTime.parse(text));
            case TIME_TZ -> Canonical.timeTz(text);
            case INTERVAL -> Canonical.interval(text);
            case HSTORE -> Canonical.map(hstore(text));
            case TIMESTAMP -> timestamp(text);
            case TIMESTAMP_TZ -> timestamp(isInfinite(text) ? text : withoutUtc(text)) + "Z";
        };
    }

    /** The text by which the server knows a canonical one; that itself if it is of no value of the type. */
    static String of(SourceType type, String canonical) {
        if (!(type instanceof Scalar scalar)) {
            return canonical;
        }
        try {
            return switch (scalar) {
                case BYTES ->
                    "\\x" + HexFormat.of().formatHex(Base64.getUrlDecoder().decode(canonical));
                case DATE -> ofDate(canonical);
                case TIMESTAMP -> ofTimestamp(canonical, "");
                case TIMESTAMP_TZ -> ofTimestamp(canonical.replaceFirst("Z$", ""), "+00");
                default -> canonical;
            };
        } catch (DateTimeException | IllegalArgumentException e) {
            return canonical;
        }
    }

    private static String ofDate(String canonical) {
        if (canonical.equals(DATE_INFINITY) || canonical.equals(DATE_MINUS_INFINITY)) {
            return canonical.equals(DATE_INFINITY) ? "infinity" : "-infinity";
        }
        return withEra(LocalDate.parse(canonical), "");
    }

    private static String ofTimestamp(String canonical, String zone) {
        if (canonical.equals(INFINITY) || canonical.equals(MINUS_INFINITY)) {
            return canonical.equals(INFINITY) ? "infinity" : "-infinity";
        }
        LocalDateTime time = LocalDateTime.parse(canonical);
        return withEra(time.toLocalDate(), " " + Canonical.time(time.toLocalTime()) + zone);
    }

    private static String withEra(LocalDate date, String rest) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d%s%s",
                year,
                date.getMonthValue(),
                date.getDayOfMonth(),
                rest,
                date.getYear() > 0 ? "" : BEFORE_CHRIST);
    }

    private static byte[] bytes(AsBytes type, String text) {
        return switch (type) {
            case BITS -> bits(text);
            case POINT -> point(text);
            case BOX, SHAPE ->
                NUMBER.matcher(text)
                        .replaceAll(number -> Canonical.real(Double.parseDouble(number.group())))
                        .getBytes(StandardCharsets.UTF_8);
            case TEXT -> text.getBytes(StandardCharsets.UTF_8);
        };
    }

    /** Without zero bytes at the end, as Debezium leaves them out. */
    private static byte[] bits(String text) {
        BitSet bits = new BitSet(text.length());
        for (int bit = 0; bit < text.length(); bit++) {
            bits.set(bit, text.charAt(text.length() - 1 - bit) == '1');
        }
        return bits.toByteArray();
    }

    private static byte[] point(String text) {
        Matcher point = POINT.matcher(text);
        if (!point.matches()) {
            throw new IllegalArgumentException("Cannot read a point from PostgreSQL: its text has another form");
        }
        return ByteBuffer.allocate(1 + Integer.BYTES + 2 * Double.BYTES)
                .put((byte) 1)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(GEOMETRY_POINT)
                .putDouble(Double.parseDouble(point.group(1)))
                .putDouble(Double.parseDouble(point.group(2)))
                .array();
    }

    private static Map<String, @Nullable String> hstore(String text) {
        Map<String, @Nullable String> entries = new HashMap<>();
        TextCursor cursor = new TextCursor(text, 0);
        while (!cursor.isAtEnd()) {
            String name = cursor.quoted();
            cursor.skip("=>".length());
            boolean hasValue = cursor.isAt('"');
            entries.put(name, hasValue ? cursor.quoted() : null);
            cursor.skip((hasValue ? "" : "NULL").length() + ", ".length());
        }
        return entries;
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

    private static String timestamp(String text) {
        if (isInfinite(text)) {
            return text.startsWith("-") ? MINUS_INFINITY : INFINITY;
        }
        boolean beforeChrist = text.endsWith(BEFORE_CHRIST);
        int blank = text.indexOf(' ');
        String time = text.substring(blank + 1, text.length() - (beforeChrist ? BEFORE_CHRIST.length() : 0));
        return Canonical.timestamp(date(text).atTime(LocalTime.parse(time)));
    }

    private static LocalDateTime ofMicros(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000), (int) Math.floorMod(micros, 1_000_000L) * 1000, ZoneOffset.UTC);
    }

    private static String withoutUtc(String text) {
        int offset = text.lastIndexOf("+00");
        if (offset < 0) {
            throw new DateTimeException("Cannot read a timestamp from PostgreSQL: it is not in UTC");
        }
        return text.substring(0, offset) + text.substring(offset + 3);
    }
}

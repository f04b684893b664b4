package io.millrace.local.reconcile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.millrace.local.reconcile.SourceType.Scalar;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one text of a value, whichever side it was read from: two values are equal exactly if their texts are. Null stands
 * for a null.
 */
final class Canonical {
    private static final Pattern INTERVAL = Pattern.compile(
            "P(?:(-?\\d+)Y)?(?:(-?\\d+)M)?(?:(-?\\d+)D)?(?:T(?:(-?\\d+)H)?(?:(-?\\d+)M)?(?:(-?\\d+(?:\\.\\d+)?)S)?)?");
    private static final Pattern TIME_TZ = Pattern.compile("(\\d\\d)(:[\\d:.]+)(Z|[+-][\\d:]+)");
    private static final String UNEXPECTED = "\0unexpected ";
    private static final JsonFactory JSON = new JsonFactory();
    private static final BigDecimal SIXTY = BigDecimal.valueOf(60);
    private static final BigDecimal TWELVE = BigDecimal.valueOf(12);

    private Canonical() {}

    /** A value that the column's type does not allow; equals no value that it allows. */
    static String unexpected(Object value) {
        return UNEXPECTED + value.getClass().getSimpleName() + " " + value;
    }

    static String real(float value) {
        return Float.toString(value);
    }

    static String real(double value) {
        return Double.toString(value);
    }

    /**
     * The text of a value in what {@link ComparedTable#digest} digests: that of its bits where the canonical text is Java's
     * own and no database writes it.
     */
    static @Nullable String ofDigest(SourceType type, @Nullable String canonical) {
        if (canonical == null || canonical.startsWith(UNEXPECTED)) {
            return canonical;
        }
        if (type == Scalar.REAL) {
            return Integer.toString(Float.floatToIntBits(Float.parseFloat(canonical)));
        }
        return type == Scalar.DOUBLE
                ? Long.toString(Double.doubleToLongBits(Double.parseDouble(canonical)))
                : canonical;
    }

    /** A number, without exponent; one that is none, such as NaN, stays as it is. */
    static String numeric(String text) {
        return number(text, UnaryOperator.identity());
    }

    /** A number of any digits, without exponent and without zeros behind its last digit. */
    static String freeNumeric(String text) {
        return number(text, BigDecimal::stripTrailingZeros);
    }

    private static String number(String text, UnaryOperator<BigDecimal> form) {
        if (text.isEmpty() || Character.isLetter(text.charAt(text.length() - 1))) {
            return text;
        }
        try {
            return form.apply(new BigDecimal(text)).toPlainString();
        } catch (NumberFormatException e) {
            return unexpected(text);
        }
    }

    static String bytes(byte[] value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }

    static String date(LocalDate value) {
        return value.toString();
    }

    static String time(LocalTime value) {
        // Written by hand: a formatter takes longer than all else that is done with a row.
        String micros = Integer.toString(value.getNano() / 1000);
        return new StringBuilder(15)
                .append(twoDigits(value.getHour()))
                .append(':')
                .append(twoDigits(value.getMinute()))
                .append(':')
                .append(twoDigits(value.getSecond()))
                .append('.')
                .append("000000", 0, 6 - micros.length())
                .append(micros)
                .toString();
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    static String timestamp(LocalDateTime value) {
        String withNanos = value.toLocalDate() + "T" + time(value.toLocalTime());
        return value.getNano() % 1000 == 0 ? withNanos : withNanos + "+" + value.getNano() % 1000 + "ns";
    }

    static String timestampTz(LocalDateTime utc) {
        return timestamp(utc) + "Z";
    }

    /** The canonical text of a value that the targets hold as a text of another form than the source's. */
    static String ofText(SourceType type, String text) {
        if (type == Scalar.INTERVAL) {
            return interval(text);
        }
        if (type == Scalar.TIME_TZ) {
            return timeTz(text);
        }
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            return JsonReader.value(parser) instanceof Map<?, ?> entries
                    ? map(entries.entrySet().stream()
                            .collect(HashMap::new, (all, e) -> all.put((String) e.getKey(), e.getValue()), Map::putAll))
                    : unexpected(text);
        } catch (IOException e) {
            return unexpected(text);
        }
    }

    /** The months, days and microseconds that an ISO 8601 text of an interval is made of. */
    static String interval(String iso) {
        Matcher matcher = INTERVAL.matcher(iso);
        if (!matcher.matches()) {
            return unexpected(iso);
        }
        BigDecimal seconds = part(matcher, 6)
                .add(part(matcher, 5).multiply(SIXTY))
                .add(part(matcher, 4).multiply(SIXTY).multiply(SIXTY));
        BigDecimal months = part(matcher, 1).multiply(TWELVE).add(part(matcher, 2));
        return months + " months " + part(matcher, 3) + " days " + seconds.setScale(6, RoundingMode.HALF_EVEN) + " s";
    }

    private static BigDecimal part(Matcher matcher, int group) {
        String text = matcher.group(group);
        return text == null ? BigDecimal.ZERO : new BigDecimal(text);
    }

    /** A time of day with an offset as the same moment of a day in UTC. */
    static String timeTz(String text) {
        Matcher matcher = TIME_TZ.matcher(text);
        if (!matcher.matches()) {
            return unexpected(text);
        }
        String zone = matcher.group(3);
        try {
            OffsetTime time = OffsetTime.of(
                    // 24:00 with an offset is a time in PostgreSQL and none in java.time.
                    LocalTime.parse((matcher.group(1).equals("24") ? "00" : matcher.group(1)) + matcher.group(2)),
                    ZoneOffset.of(zone));
            return time(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalTime()) + "Z";
        } catch (DateTimeException e) {
            return unexpected(text);
        }
    }

    /** Names and values in the order of the names. */
    static String map(Map<String, ? extends @Nullable Object> entries) {
        List<@Nullable String> flat = new ArrayList<>();
        new TreeMap<>(entries).forEach((name, value) -> {
            flat.add(name);
            flat.add(value == null ? null : value.toString());
        });
        return list(flat);
    }

    /** A comma ends each element, so that no element and one empty text are not the same. */
    static String list(List<@Nullable String> elements) {
        StringBuilder text = new StringBuilder("[");
        for (@Nullable String element : elements) {
            text.append(element == null ? "\\N" : element.replace("\\", "\\\\").replace(",", "\\,"))
                    .append(',');
        }
        return text.append(']').toString();
    }
}

package io.millrace.schemas.decode;

import io.millrace.schemas.decode.ColumnReader.Invalid;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/**
 * Turns Debezium's dates and times into days and microseconds.
 *
 * <p>PostgreSQL's infinities become values beyond all that PostgreSQL can hold: of dates the greatest and the least int; of
 * timestamps, with and without zone, the ones that Debezium writes for those without.
 */
final class Times {
    /** What Debezium makes of {@code timestamp 'infinity'}: the PostgreSQL driver's infinity, taken for microseconds. */
    static final long INFINITY = 9_223_372_036_825_200_000L;

    static final long MINUS_INFINITY = -9_223_372_036_832_400_000L;

    private static final long MICROS_PER_DAY = 86_400_000_000L;

    /** MariaDB's TIME is a span, from -838:59:59.999999 to as much. */
    private static final long LONGEST_TIME = (839L * 3600) * 1_000_000L - 1;

    /** PostgreSQL counts days from 2000, and its infinities are the ends of an int; moved to 1970 they overflow. */
    private static final int STREAMED_INFINITY = Integer.MAX_VALUE + 10_957;

    private static final int STREAMED_MINUS_INFINITY = Integer.MIN_VALUE + 10_957;

    /** What a snapshot, which reads through JDBC, makes of them, give or take a day for the capture's time zone. */
    private static final int SNAPSHOT_INFINITY = -622_191_234;

    private static final int SNAPSHOT_MINUS_INFINITY = -625_821_272;

    /** In whose year the PostgreSQL driver's infinity is, taken for milliseconds: that is what becomes of one in an array. */
    private static final int DRIVERS_INFINITE_YEAR = 292_278_994;

    /** The same of -infinity, whose era is lost on the way. */
    private static final int DRIVERS_MINUS_INFINITE_YEAR = 292_269_055;

    private Times() {}

    static Object date(long days) {
        if (days == STREAMED_INFINITY || Math.abs(days - SNAPSHOT_INFINITY) <= 1) {
            return Integer.MAX_VALUE;
        }
        if (days == STREAMED_MINUS_INFINITY || Math.abs(days - SNAPSHOT_MINUS_INFINITY) <= 1) {
            return Integer.MIN_VALUE;
        }
        return days == (int) days ? (Object) (int) days : Invalid.VALUE;
    }

    static Object timeOfMillis(long millis) {
        return millis == Long.MIN_VALUE || Math.abs(millis) > LONGEST_TIME / 1000
                ? Invalid.VALUE
                : timeOfMicros(millis * 1000);
    }

    /** A time of day up to 24:00:00, which is one in PostgreSQL, or a span of MariaDB's. */
    static Object timeOfMicros(long micros) {
        return Math.abs(micros) > LONGEST_TIME || micros == Long.MIN_VALUE ? Invalid.VALUE : (Object) micros;
    }

    static Object timestampOfMillis(long millis) {
        if (millis == INFINITY || millis == MINUS_INFINITY) {
            return millis;
        }
        long micros = millis * 1000;
        return Math.multiplyHigh(millis, 1000) == micros >> 63 ? (Object) micros : Invalid.VALUE;
    }

    /** ISO-8601 with an offset, of any year; or an infinity in PostgreSQL's words. */
    static Object instant(String text) {
        try {
            long micros = usual(text);
            if (micros != Long.MIN_VALUE) {
                return micros;
            }
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() == DRIVERS_INFINITE_YEAR || time.getYear() == DRIVERS_MINUS_INFINITE_YEAR) {
                return time.getYear() == DRIVERS_INFINITE_YEAR ? INFINITY : MINUS_INFINITY;
            }
            return Math.addExact(Math.multiplyExact(time.toEpochSecond(), 1_000_000L), time.getNano() / 1000);
        } catch (DateTimeException | ArithmeticException e) {
            return switch (text) {
                case "infinity" -> (Object) INFINITY;
                case "-infinity" -> MINUS_INFINITY;
                default -> Invalid.VALUE;
            };
        }
    }

    /** Reads {@code 2024-02-29T13:05:00.123456Z}, with up to 6 digits or none behind the point; else the least long. */
    private static long usual(String text) {
        int length = text.length();
        boolean shape = length >= 20
                && length <= 27
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && text.charAt(length - 1) == 'Z'
                && (length == 20 || (text.charAt(19) == '.' && length > 21));
        if (!shape) {
            return Long.MIN_VALUE;
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        int fraction = length == 20 ? 0 : digits(text, 20, length - 1);
        if ((year | month | day | hour | minute | second | fraction) < 0 || hour > 23 || minute > 59 || second > 59) {
            return Long.MIN_VALUE;
        }
        for (int i = length == 20 ? 6 : length - 21; i < 6; i++) {
            fraction *= 10;
        }
        long days = LocalDate.of(year, month, day).toEpochDay();
        return days * MICROS_PER_DAY + (hour * 3600L + minute * 60L + second) * 1_000_000L + fraction;
    }

    /** The number that these characters are; negative if they are none. */
    private static int digits(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}

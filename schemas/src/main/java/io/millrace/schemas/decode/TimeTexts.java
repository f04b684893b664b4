package io.millrace.schemas.decode;

import io.millrace.schemas.decode.ColumnReader.Invalid;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;

/** Reads dates and times that are written as texts, in ISO-8601 or as SQL writes them. */
final class TimeTexts {
    private static final int DATE_CHARS = 10;
    private static final String MIDNIGHT = "00:00:00";

    private TimeTexts() {}

    /** {@code 2024-02-29}, also with a midnight behind it, or an infinity. */
    static Object date(String text) {
        boolean midnight = text.length() > DATE_CHARS && isMidnight(text.substring(DATE_CHARS));
        try {
            long days = LocalDate.parse(midnight ? text.substring(0, DATE_CHARS) : text)
                    .toEpochDay();
            return days == (int) days ? (Object) (int) days : Invalid.VALUE;
        } catch (DateTimeException e) {
            return switch (text) {
                case "infinity" -> (Object) Integer.MAX_VALUE;
                case "-infinity" -> Integer.MIN_VALUE;
                default -> Invalid.VALUE;
            };
        }
    }

    private static boolean isMidnight(String rest) {
        if ((rest.charAt(0) != 'T' && rest.charAt(0) != ' ') || !rest.startsWith(MIDNIGHT, 1)) {
            return false;
        }
        for (int i = 1 + MIDNIGHT.length(); i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (c != '.' && c != '0' && (c != 'Z' || i < rest.length() - 1)) {
                return false;
            }
        }
        return true;
    }

    /** {@code 13:05:07.123456}, to 24:00:00. */
    static Object time(String text) {
        String local = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
        if (local.startsWith("24:00:00")) {
            return local.chars().skip(MIDNIGHT.length()).allMatch(c -> c == '.' || c == '0')
                    ? Times.timeOfMillis(86_400_000)
                    : Invalid.VALUE;
        }
        try {
            return LocalTime.parse(local).toNanoOfDay() / 1000;
        } catch (DateTimeException e) {
            return Invalid.VALUE;
        }
    }

    /** {@code 2024-02-29T13:05:07.123456} with a blank or a T, without a zone or with the Z that DMS gives to all; or an infinity. */
    static Object timestamp(String text) {
        String iso = iso(text);
        return hasZone(iso) ? iso.endsWith("Z") ? Times.instant(iso) : Invalid.VALUE : withoutZone(text, iso);
    }

    /** As {@link #timestamp}, with any zone; without one it is in UTC. */
    static Object instant(String text) {
        String iso = iso(text);
        if (!hasZone(iso)) {
            return withoutZone(text, iso);
        }
        // PostgreSQL leaves out the minutes of a zone if they are zero.
        int sign = Math.max(iso.lastIndexOf('+'), iso.lastIndexOf('-'));
        boolean hoursOnly = !iso.endsWith("Z") && iso.length() - sign == 3;
        return Times.instant(hoursOnly ? iso + ":00" : iso);
    }

    private static Object withoutZone(String text, String iso) {
        return text.endsWith("infinity") ? Times.instant(text) : Times.instant(iso + "Z");
    }

    private static String iso(String text) {
        int blank = text.indexOf(' ');
        return blank < 0 ? text : text.substring(0, blank) + 'T' + text.substring(blank + 1);
    }

    private static boolean hasZone(String iso) {
        int time = iso.indexOf('T');
        return iso.endsWith("Z") || (time >= 0 && (iso.indexOf('+', time) >= 0 || iso.indexOf('-', time) >= 0));
    }
}

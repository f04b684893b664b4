package io.millrace.local.reconcile;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one text of a value, whichever side it was read from: two values are equal exactly if their texts are. Null stands
 * for a null; {@link #ABSENT} for no value at all, which is not the same.
 */
final class Canonical {
    /** A field that a document does not have. No value of a database begins with a zero character. */
    static final String ABSENT = "\0absent";

    private Canonical() {}

    /** A value that the column's type does not allow; equals no value that it allows. */
    static String unexpected(Object value) {
        return "\0unexpected " + value.getClass().getSimpleName() + " " + value;
    }

    static String real(float value) {
        return Float.toString(value);
    }

    static String real(double value) {
        return Double.toString(value);
    }

    static String bytes(byte[] value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }

    static String date(LocalDate value) {
        return value.toString();
    }

    static String time(LocalTime value) {
        return "%02d:%02d:%02d.%06d"
                .formatted(value.getHour(), value.getMinute(), value.getSecond(), value.getNano() / 1000);
    }

    static String timestamp(LocalDateTime value) {
        String withNanos = value.toLocalDate() + "T" + time(value.toLocalTime());
        return value.getNano() % 1000 == 0 ? withNanos : withNanos + "+" + value.getNano() % 1000 + "ns";
    }

    static String timestampTz(LocalDateTime utc) {
        return timestamp(utc) + "Z";
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

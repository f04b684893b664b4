package io.millrace.capture.postgres;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.TimeZone;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Mends what Debezium 3.5 makes of timestamps before 1582-10-15 in snapshots, so that a row is the same whether it was read or streamed.
 *
 * <p>The JDBC driver takes the server's text, whose calendar is the Gregorian one at all times, for one of the Julian calendar
 * before that day. So a time is some days off ({@code 0001-01-01} is 0000-12-30), and the Julian calendar's words for it are the
 * server's. (The ten days before it, which the Julian calendar does not have, cannot be told from those ten days later.)
 */
final class SnapshotTimes {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final Instant GREGORIAN = Instant.parse("1582-10-15T00:00:00Z");
    /** The server's own earliest time; what stands for -infinity is before it. */
    private static final Instant EARLIEST = Instant.parse("-4713-11-01T00:00:00Z");

    private SnapshotTimes() {}

    /** Mends a row or a key, if there is one. */
    static void mend(@Nullable Struct row) {
        if (row == null) {
            return;
        }
        for (Field field : row.schema().fields()) {
            String type = field.schema().name();
            if (type == null) {
                continue;
            }
            Object value = row.getWithoutDefault(field.name());
            switch (type) {
                case "io.debezium.time.Timestamp" -> {
                    if (value instanceof Long millis) {
                        row.put(field, mended(millis, 1000));
                    }
                }
                case "io.debezium.time.MicroTimestamp" -> {
                    if (value instanceof Long micros) {
                        row.put(field, mended(micros, 1_000_000));
                    }
                }
                case "io.debezium.time.ZonedTimestamp" -> {
                    // A year of four digits from 1583 on needs no look at the rest.
                    if (value instanceof String text && text.compareTo("1583") < 0) {
                        row.put(field, mended(text));
                    }
                }
                default -> {}
            }
        }
    }

    private static long mended(long time, long perSecond) {
        long nanosEach = NANOS_PER_SECOND / perSecond;
        Instant read =
                Instant.ofEpochSecond(Math.floorDiv(time, perSecond), Math.floorMod(time, perSecond) * nanosEach);
        if (!isShifted(read)) {
            return time;
        }
        Instant written = asWritten(read);
        return written.getEpochSecond() * perSecond + written.getNano() / nanosEach;
    }

    private static String mended(String text) {
        Instant read;
        try {
            read = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException infinite) {
            return text;
        }
        return isShifted(read)
                ? DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(asWritten(read).atOffset(ZoneOffset.UTC))
                : text;
    }

    private static boolean isShifted(Instant read) {
        return read.isBefore(GREGORIAN) && read.isAfter(EARLIEST);
    }

    /** The time whose words in the Gregorian calendar are those that this one has in the Julian. */
    private static Instant asWritten(Instant read) {
        GregorianCalendar julian = new GregorianCalendar(TimeZone.getTimeZone(ZoneOffset.UTC));
        julian.setTimeInMillis(read.toEpochMilli());
        int year = julian.get(Calendar.YEAR);
        LocalDate date = LocalDate.of(
                julian.get(Calendar.ERA) == GregorianCalendar.AD ? year : 1 - year,
                julian.get(Calendar.MONTH) + 1,
                julian.get(Calendar.DAY_OF_MONTH));
        return date.atTime(read.atOffset(ZoneOffset.UTC).toLocalTime()).toInstant(ZoneOffset.UTC);
    }
}

package io.millrace.capture.postgres;

import io.debezium.data.VariableScaleDecimal;
import io.debezium.time.Date;
import io.debezium.time.MicroTime;
import io.debezium.time.MicroTimestamp;
import io.debezium.time.Timestamp;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Values of Debezium's changes as PostgreSQL reads them: texts whose type it takes from what they are compared with. */
final class SqlText {
    /** PostgreSQL counts days from 2000, and its infinities are the ends of an int; moved to 1970 they overflow. */
    private static final int INFINITY = Integer.MAX_VALUE + 10_957;

    private static final int MINUS_INFINITY = Integer.MIN_VALUE + 10_957;

    /** The infinities are beyond it; nothing else is. */
    private static final long MOST_MICROS = 9_223_372_036_000_000_000L;

    private static final long DAY_MICROS = ChronoUnit.MICROS.between(LocalTime.MIN, LocalTime.MAX) + 1;

    private SqlText() {}

    /**
     * The text of a value.
     *
     * @param schema what Debezium says of it; with times in microseconds, decimals and bytes as they are
     */
    static String of(Schema schema, Object value) {
        switch (Objects.requireNonNullElse(schema.name(), "")) {
            case Date.SCHEMA_NAME -> {
                return day((Integer) value);
            }
            case Timestamp.SCHEMA_NAME -> {
                return moment(Math.multiplyExact((Long) value, 1_000L));
            }
            case MicroTimestamp.SCHEMA_NAME -> {
                return moment((Long) value);
            }
            case MicroTime.SCHEMA_NAME -> {
                return (Long) value == DAY_MICROS
                        ? "24:00:00"
                        : LocalTime.ofNanoOfDay((Long) value * 1_000).toString();
            }
            case VariableScaleDecimal.LOGICAL_NAME -> {
                return VariableScaleDecimal.toLogical((Struct) value).toString();
            }
            default -> {}
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return of(schema, bytes);
        } else if (value instanceof byte[] bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes);
        } else if (value instanceof BigDecimal number) {
            return number.toPlainString();
        } else if (value instanceof List<?> elements) {
            return elements.stream()
                    .map(element -> element == null ? "NULL" : quoted(of(schema.valueSchema(), element)))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        return value.toString();
    }

    private static String quoted(String element) {
        return '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String day(int days) {
        if (days == INFINITY || days == MINUS_INFINITY) {
            return days == INFINITY ? "infinity" : "-infinity";
        }
        LocalDate day = LocalDate.ofEpochDay(days);
        return day(day) + era(day);
    }

    private static String moment(long micros) {
        if (Math.abs(micros) > MOST_MICROS) {
            return micros > 0 ? "infinity" : "-infinity";
        }
        LocalDateTime moment = LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1_000, ZoneOffset.UTC);
        return day(moment.toLocalDate()) + " " + moment.toLocalTime() + era(moment.toLocalDate());
    }

    private static String day(LocalDate day) {
        int year = day.getYear() > 0 ? day.getYear() : 1 - day.getYear();
        return String.format(Locale.ROOT, "%04d-%02d-%02d", year, day.getMonthValue(), day.getDayOfMonth());
    }

    private static String era(LocalDate day) {
        return day.getYear() > 0 ? "" : " BC";
    }
}

package io.millrace.capture.encode.dms;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * DMS's types, and how it writes their values in JSON: numbers as numbers, bytes in base64, dates and times in ISO-8601,
 * timestamps with a Z whether or not they have a zone.
 *
 * <p>What DMS has no words for is written so that nothing is lost: arrays as arrays; dates and timestamps beyond the years 1
 * to 9999, infinities among them, as the number of days or microseconds that Debezium has for them.
 */
final class DmsColumns {
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final int LEAST_YEAR = 1;
    private static final int GREATEST_YEAR = 9999;

    private DmsColumns() {}

    /** The name of a column's type in control records. */
    static String typeName(Schema schema) {
        String name = schema.name() == null ? "" : schema.name();
        return switch (name) {
            case "io.debezium.time.Date" -> "DATE";
            case "io.debezium.time.Time", "io.debezium.time.MicroTime", "io.debezium.time.NanoTime" -> "TIME";
            case "io.debezium.time.Timestamp",
                    "io.debezium.time.MicroTimestamp",
                    "io.debezium.time.NanoTimestamp",
                    "io.debezium.time.ZonedTimestamp" -> "DATETIME";
            case Decimal.LOGICAL_NAME, "io.debezium.data.VariableScaleDecimal" -> "NUMERIC";
            default ->
                switch (schema.type()) {
                    case INT8, INT16 -> "INT16";
                    case INT32 -> "INT32";
                    case INT64 -> "INT64";
                    case FLOAT32 -> "REAL4";
                    case FLOAT64 -> "REAL8";
                    case BOOLEAN -> "BOOLEAN";
                    case BYTES -> "BYTES";
                    case STRUCT -> schema.field("wkb") == null ? "CLOB" : "BYTES";
                    case ARRAY, MAP -> "CLOB";
                    case STRING -> "STRING";
                };
        };
    }

    /** Writes a column's value. */
    static void write(JsonGenerator out, Schema schema, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeNull();
            return;
        }
        String name = schema.name() == null ? "" : schema.name();
        switch (name) {
            case "io.debezium.time.Date" -> writeDate(out, ((Number) value).longValue());
            case "io.debezium.time.Time" -> writeTime(out, ((Number) value).longValue() * 1000);
            case "io.debezium.time.MicroTime" -> writeTime(out, ((Number) value).longValue());
            case "io.debezium.time.NanoTime" -> writeTime(out, ((Number) value).longValue() / 1000);
            case "io.debezium.time.Timestamp" ->
                writeTimestamp(out, Math.multiplyExact(((Number) value).longValue(), 1000L));
            case "io.debezium.time.MicroTimestamp" -> writeTimestamp(out, ((Number) value).longValue());
            case "io.debezium.time.NanoTimestamp" ->
                writeTimestamp(out, Math.floorDiv(((Number) value).longValue(), 1000L));
            case Decimal.LOGICAL_NAME -> out.writeNumber(((BigDecimal) value).toPlainString());
            case "io.debezium.data.VariableScaleDecimal" -> writeNumeric(out, (Struct) value);
            default -> writeBare(out, schema, value);
        }
    }

    private static void writeBare(JsonGenerator out, Schema schema, Object value) throws IOException {
        switch (schema.type()) {
            case INT8, INT16, INT32, INT64 -> out.writeNumber(((Number) value).longValue());
            case FLOAT32 -> out.writeNumber(((Number) value).floatValue());
            case FLOAT64 -> out.writeNumber(((Number) value).doubleValue());
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case STRING -> out.writeString((String) value);
            case BYTES -> out.writeString(base64(value));
            case ARRAY -> {
                out.writeStartArray();
                for (Object element : (Collection<?>) value) {
                    write(out, schema.valueSchema(), element);
                }
                out.writeEndArray();
            }
            case MAP -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    write(out, schema.valueSchema(), entry.getValue());
                }
                out.writeEndObject();
            }
            case STRUCT -> writeStruct(out, (Struct) value);
        }
    }

    private static void writeStruct(JsonGenerator out, Struct struct) throws IOException {
        if (struct.schema().field("wkb") != null) {
            Object shape = struct.get("wkb");
            out.writeString(shape == null ? null : base64(shape));
            return;
        }
        out.writeStartObject();
        for (Field field : struct.schema().fields()) {
            out.writeFieldName(field.name());
            write(out, field.schema(), struct.getWithoutDefault(field.name()));
        }
        out.writeEndObject();
    }

    private static void writeNumeric(JsonGenerator out, Struct number) throws IOException {
        BigInteger unscaled = new BigInteger(bytes(number.get("value")));
        out.writeNumber(new BigDecimal(unscaled, number.getInt32("scale")).toPlainString());
    }

    private static void writeDate(JsonGenerator out, long days) throws IOException {
        LocalDate date = LocalDate.ofEpochDay(days);
        if (isUsual(date.getYear())) {
            out.writeString(date.toString());
        } else {
            out.writeNumber(days);
        }
    }

    private static void writeTime(JsonGenerator out, long micros) throws IOException {
        out.writeString(
                micros == MICROS_PER_DAY
                        ? "24:00:00"
                        : DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(micros * 1000)));
    }

    private static void writeTimestamp(JsonGenerator out, long micros) throws IOException {
        LocalDateTime time = time(micros);
        if (isUsual(time.getYear())) {
            out.writeString(instant(time));
        } else {
            out.writeNumber(micros);
        }
    }

    /** Microseconds since 1970 as DMS writes a time. */
    static String instant(long micros) {
        return instant(time(micros));
    }

    private static String instant(LocalDateTime time) {
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time) + "Z";
    }

    private static LocalDateTime time(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1000, ZoneOffset.UTC);
    }

    private static boolean isUsual(int year) {
        return year >= LEAST_YEAR && year <= GREATEST_YEAR;
    }

    private static String base64(Object value) {
        return Base64.getEncoder().encodeToString(bytes(value));
    }

    private static byte[] bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}

package io.millrace.schemas.decode;

import io.millrace.schemas.decode.ColumnReader.Invalid;
import io.millrace.schemas.decode.JsonColumn.Conversion;
import io.millrace.schemas.decode.JsonRaw.NumberText;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.DeclaredType.Spelling;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes the conversions of column types from {@linkplain JsonRaw JSON's own values}.
 *
 * <p>They take every spelling that means one value only, and call everything else {@link Invalid}: a number in a text
 * column is its digits, a text in a number column is the number that it spells.
 */
enum JsonConversions {
    /** Of Debezium's records, which hold {@linkplain Placeholders placeholders} for values that the source did not send. */
    DEBEZIUM,
    /** Of records without placeholders. */
    DMS;

    Conversion of(DeclaredType declared) {
        return of(declared.type(), declared.spelling());
    }

    Conversion of(Primitive type) {
        return of(type, Spelling.PLAIN);
    }

    private Conversion of(ColumnType type, Spelling spelling) {
        if (type instanceof ColumnType.Array array) {
            return array(array.element(), of(array.element(), spelling));
        }
        return this == DEBEZIUM ? unlessPlaceholder(type, scalar(type, spelling)) : scalar(type, spelling);
    }

    /** An array of elements that are converted so. */
    Conversion array(ColumnType type, Conversion element) {
        return raw -> {
            if (!(raw instanceof List<?> elements)) {
                return this == DEBEZIUM && Placeholders.STRING.equals(raw) ? Unavailable.INSTANCE : Invalid.VALUE;
            }
            List<@Nullable Object> values = new ArrayList<>(elements.size());
            for (Object each : elements) {
                values.add(each == null ? null : element.of(each));
            }
            return Placeholders.array(type, values);
        };
    }

    /** Only values of variable length can be left out. */
    private static Conversion unlessPlaceholder(ColumnType type, Conversion conversion) {
        if (type == Primitive.BYTES) {
            return raw -> Placeholders.STRING.equals(raw) || Placeholders.BASE64.equals(raw)
                    ? Unavailable.INSTANCE
                    : conversion.of(raw);
        }
        if (type == Primitive.JSON) {
            return raw -> Placeholders.STRING.equals(raw) || Placeholders.HSTORE_STRING.equals(raw)
                    ? Unavailable.INSTANCE
                    : conversion.of(raw);
        }
        return type == Primitive.STRING || type instanceof ColumnType.Decimal
                ? raw -> Placeholders.STRING.equals(raw) ? Unavailable.INSTANCE : conversion.of(raw)
                : conversion;
    }

    private static Conversion scalar(ColumnType type, Spelling spelling) {
        if (type instanceof ColumnType.Decimal decimal) {
            return spelling == Spelling.BASE64
                    ? raw -> unscaledDecimal(raw, decimal)
                    : raw -> plainDecimal(raw, decimal);
        }
        return switch ((Primitive) type) {
            case BOOLEAN -> JsonConversions::truth;
            case INT32 -> JsonConversions::int32;
            case INT64 -> JsonConversions::int64;
            case FLOAT32 -> JsonConversions::float32;
            case FLOAT64 -> JsonConversions::float64;
            case STRING -> spelling == Spelling.NUMERIC ? JsonConversions::numeric : JsonRaw::text;
            case JSON -> raw -> raw instanceof String ? raw : JsonRaw.json(raw);
            case BYTES -> bytes(spelling);
            case UUID -> JsonConversions::uuid;
            case DATE -> raw -> raw instanceof Long days ? Times.date(days) : ofText(raw, TimeTexts::date);
            case TIME -> raw -> raw instanceof Long number ? time(number, spelling) : ofText(raw, TimeTexts::time);
            case TIMESTAMP ->
                raw -> raw instanceof Long number ? timestamp(number, spelling) : ofText(raw, TimeTexts::timestamp);
            case TIMESTAMP_TZ ->
                raw -> raw instanceof Long number ? timestamp(number, spelling) : ofText(raw, TimeTexts::instant);
        };
    }

    @FunctionalInterface
    private interface OfText {
        Object value(String text);
    }

    private static Object ofText(Object raw, OfText conversion) {
        return raw instanceof String text ? conversion.value(text) : Invalid.VALUE;
    }

    private static Object truth(Object raw) {
        String text = raw instanceof Boolean || raw instanceof Long || raw instanceof String ? raw.toString() : "";
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", "1" -> true;
            case "false", "f", "0" -> false;
            default -> Invalid.VALUE;
        };
    }

    private static Object int32(Object raw) {
        return int64(raw) instanceof Long value && value == value.intValue()
                ? (Object) value.intValue()
                : Invalid.VALUE;
    }

    private static Object int64(Object raw) {
        if (raw instanceof Long) {
            return raw;
        }
        try {
            return raw instanceof String text ? (Object) Long.parseLong(text) : Invalid.VALUE;
        } catch (NumberFormatException e) {
            return Invalid.VALUE;
        }
    }

    private static Object float64(Object raw) {
        if (raw instanceof Long value) {
            return value.doubleValue();
        }
        String text = raw instanceof NumberText number ? number.text() : raw instanceof String string ? string : "";
        try {
            return isFloat(text) ? (Object) Double.parseDouble(text) : Invalid.VALUE;
        } catch (NumberFormatException e) {
            return Invalid.VALUE;
        }
    }

    /** From the text and not from the double, which would round twice. */
    private static Object float32(Object raw) {
        String text = raw instanceof NumberText number
                ? number.text()
                : raw instanceof Long || raw instanceof String ? raw.toString() : "";
        try {
            return isFloat(text) ? (Object) Float.parseFloat(text) : Invalid.VALUE;
        } catch (NumberFormatException e) {
            return Invalid.VALUE;
        }
    }

    /** Java also takes blanks, hexadecimal digits and type letters. */
    private static boolean isFloat(String text) {
        if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return false;
            }
        }
        return true;
    }

    private static Object numeric(Object raw) {
        if (raw instanceof Map<?, ?> struct) {
            return struct.get("scale") instanceof Long scale
                            && scale == scale.intValue()
                            && struct.get("value") instanceof String value
                    ? Decimals.text(unscaled(value), scale.intValue())
                    : Invalid.VALUE;
        }
        return isNumberOrText(raw) ? Decimals.plain(JsonRaw.text(raw)) : Invalid.VALUE;
    }

    private static Object plainDecimal(Object raw, ColumnType.Decimal type) {
        return isNumberOrText(raw) ? Decimals.exact(JsonRaw.text(raw), type.precision(), type.scale()) : Invalid.VALUE;
    }

    private static Object unscaledDecimal(Object raw, ColumnType.Decimal type) {
        if (!(raw instanceof String text)) {
            return plainDecimal(raw, type);
        }
        BigInteger unscaled = unscaled(text);
        return unscaled == null ? Invalid.VALUE : Decimals.exact(unscaled, type.precision(), type.scale());
    }

    private static boolean isNumberOrText(Object raw) {
        return raw instanceof Long || raw instanceof NumberText || raw instanceof String;
    }

    static @Nullable BigInteger unscaled(String base64) {
        byte[] bytes = base64(base64);
        return bytes == null ? null : Decimals.unscaled(bytes);
    }

    private static Conversion bytes(Spelling spelling) {
        return switch (spelling) {
            case HEX -> raw -> ofText(raw, JsonConversions::hex);
            case GEOMETRY ->
                raw -> raw instanceof Map<?, ?> struct
                        ? struct.get("wkb") == null
                                ? null
                                : ofText(String.valueOf(struct.get("wkb")), JsonConversions::binary)
                        : Invalid.VALUE;
            default -> raw -> ofText(raw, JsonConversions::binary);
        };
    }

    private static Object binary(String base64) {
        byte[] bytes = base64(base64);
        return bytes == null ? Invalid.VALUE : ByteBuffer.wrap(bytes);
    }

    /** Both alphabets, with and without padding; null if the text is in neither. */
    private static byte @Nullable [] base64(String text) {
        boolean forAddresses = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        try {
            return (forAddresses ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Object hex(String text) {
        String digits = text.startsWith("0x") || text.startsWith("\\x") ? text.substring(2) : text;
        try {
            return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
        } catch (IllegalArgumentException e) {
            return Invalid.VALUE;
        }
    }

    private static Object uuid(Object raw) {
        try {
            // UUID.fromString() also takes shorter texts.
            return raw instanceof String text && text.length() == 36 ? UUID.fromString(text) : Invalid.VALUE;
        } catch (IllegalArgumentException e) {
            return Invalid.VALUE;
        }
    }

    private static Object time(long number, Spelling unit) {
        return switch (unit) {
            case MILLIS -> Times.timeOfMillis(number);
            case NANOS -> Times.timeOfMicros(Math.floorDiv(number, 1000L));
            default -> Times.timeOfMicros(number);
        };
    }

    private static Object timestamp(long number, Spelling unit) {
        return switch (unit) {
            case MILLIS -> Times.timestampOfMillis(number);
            case NANOS -> Math.floorDiv(number, 1000L);
            default -> number;
        };
    }
}

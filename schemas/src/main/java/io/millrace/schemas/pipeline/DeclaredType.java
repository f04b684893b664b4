package io.millrace.schemas.pipeline;

import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column whose records do not tell it, as the pipeline file declares it, and how its records spell values.
 *
 * <pre>
 * type   = word | "decimal(" p "," s [", base64"] ")" | "array(" type ")"
 * word   = boolean | int32 | int64 | float32 | float64 | numeric | string | json | uuid | bytes | bytes(hex) | geometry
 *        | date | time [unit] | timestamp [unit] | timestamptz [unit]
 * unit   = "(ms)" | "(us)" | "(ns)"
 * </pre>
 *
 * @param type the column's type
 * @param spelling how a record writes a value where JSON leaves a choice; of an array, its elements' spelling
 */
public record DeclaredType(ColumnType type, Spelling spelling) implements Serializable {

    /** A way to write values. */
    public enum Spelling {
        /** As texts in ISO-8601 or SQL, as numbers where the type is one, in base64 where it is bytes, else microseconds. */
        PLAIN,
        /** As {@link #PLAIN}, but numbers count milliseconds. */
        MILLIS,
        /** As {@link #PLAIN}, but numbers count nanoseconds. */
        NANOS,
        /** Decimals as the bytes of their unscaled value, in base64. */
        BASE64,
        /** Bytes in hexadecimal, with or without {@code 0x} or {@code \x} before them. */
        HEX,
        /** Decimals of any precision, which become text; also Debezium's {@code {"scale", "value"}}. */
        NUMERIC,
        /** Debezium's geometry, of which the well-known binary is taken. */
        GEOMETRY
    }

    /** What is right, as it goes on after "Give ". */
    static final String RIGHT =
            "a type: boolean, int32, int64, float32, float64, decimal(p,s), decimal(p,s,base64), numeric,"
                    + " string, json, uuid, bytes, bytes(hex), geometry, date, time, timestamp, timestamptz (with (ms) or (ns) if"
                    + " numbers do not count microseconds), or array(type)";

    private static final int MAX_PRECISION = 38;
    private static final Pattern DECIMAL =
            Pattern.compile("decimal\\( ?([1-9][0-9]?) ?, ?([0-9]|[1-9][0-9]) ?(, ?base64 ?)?\\)");
    private static final Pattern ARRAY = Pattern.compile("array\\((.+)\\)");
    private static final Map<String, DeclaredType> WORDS = Map.ofEntries(
            word("boolean", Primitive.BOOLEAN, Spelling.PLAIN),
            word("int32", Primitive.INT32, Spelling.PLAIN),
            word("int64", Primitive.INT64, Spelling.PLAIN),
            word("float32", Primitive.FLOAT32, Spelling.PLAIN),
            word("float64", Primitive.FLOAT64, Spelling.PLAIN),
            word("numeric", Primitive.STRING, Spelling.NUMERIC),
            word("string", Primitive.STRING, Spelling.PLAIN),
            word("json", Primitive.JSON, Spelling.PLAIN),
            word("uuid", Primitive.UUID, Spelling.PLAIN),
            word("bytes", Primitive.BYTES, Spelling.PLAIN),
            word("bytes(hex)", Primitive.BYTES, Spelling.HEX),
            word("geometry", Primitive.BYTES, Spelling.GEOMETRY),
            word("date", Primitive.DATE, Spelling.PLAIN),
            word("time", Primitive.TIME, Spelling.PLAIN),
            word("time(ms)", Primitive.TIME, Spelling.MILLIS),
            word("time(us)", Primitive.TIME, Spelling.PLAIN),
            word("time(ns)", Primitive.TIME, Spelling.NANOS),
            word("timestamp", Primitive.TIMESTAMP, Spelling.PLAIN),
            word("timestamp(ms)", Primitive.TIMESTAMP, Spelling.MILLIS),
            word("timestamp(us)", Primitive.TIMESTAMP, Spelling.PLAIN),
            word("timestamp(ns)", Primitive.TIMESTAMP, Spelling.NANOS),
            word("timestamptz", Primitive.TIMESTAMP_TZ, Spelling.PLAIN),
            word("timestamptz(ms)", Primitive.TIMESTAMP_TZ, Spelling.MILLIS),
            word("timestamptz(us)", Primitive.TIMESTAMP_TZ, Spelling.PLAIN),
            word("timestamptz(ns)", Primitive.TIMESTAMP_TZ, Spelling.NANOS));

    private static Map.Entry<String, DeclaredType> word(String word, ColumnType type, Spelling spelling) {
        return Map.entry(word, new DeclaredType(type, spelling));
    }

    /** The text that declares a type, with values spelled plainly. */
    public static String spell(ColumnType type) {
        if (type instanceof ColumnType.Array array) {
            return "array(" + spell(array.element()) + ")";
        }
        if (type instanceof ColumnType.Decimal decimal) {
            return "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
        }
        Primitive primitive = (Primitive) type;
        return primitive == Primitive.TIMESTAMP_TZ
                ? "timestamptz"
                : primitive.name().toLowerCase(Locale.ROOT);
    }

    /** The type that a text declares; null if it declares none. */
    public static @Nullable DeclaredType parse(String text) {
        String type = text.strip();
        Matcher array = ARRAY.matcher(type);
        if (array.matches()) {
            DeclaredType element = parse(array.group(1));
            return element == null || element.type() instanceof ColumnType.Array
                    ? null
                    : new DeclaredType(new ColumnType.Array(element.type()), element.spelling());
        }
        Matcher decimal = DECIMAL.matcher(type);
        if (decimal.matches()) {
            int precision = Integer.parseInt(decimal.group(1));
            int scale = Integer.parseInt(decimal.group(2));
            return precision > MAX_PRECISION || scale > precision
                    ? null
                    : new DeclaredType(
                            new ColumnType.Decimal(precision, scale),
                            decimal.group(3) == null ? Spelling.PLAIN : Spelling.BASE64);
        }
        return WORDS.get(type);
    }
}

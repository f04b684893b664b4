package io.millrace.schemas.decode;

import io.millrace.schemas.decode.AvroShapes.Unsupported;
import io.millrace.schemas.decode.ColumnReader.Invalid;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Reads Connect's decimals, which are unscaled bytes, and Debezium's, which carry their scale. */
final class Decimals {
    /** What Iceberg, Spark and Trino hold; decimals of more digits become text. */
    private static final int MAX_PRECISION = 38;

    /** PostgreSQL's numeric has at most 131072 digits before and 16383 behind the point, so 147455 digits or 61 KB. */
    private static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_SCALE = 16_383;
    private static final int MIN_SCALE = -131_072;

    /** PostgreSQL's greatest declared scale; Debezium writes a negative one, such as -2, as 2046. */
    private static final int MAX_DECLARED_SCALE = 1000;

    /** A decimal of this package's has at most 38 digits; the rest is zeros. */
    private static final int MAX_PARSED_CHARS = 1000;

    private static final Pattern PLAIN = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

    private Decimals() {}

    static ColumnReader fixedScale(Schema schema) {
        if (schema.getType() != Schema.Type.BYTES) {
            throw new Unsupported("it has a decimal of type " + schema.getType().getName());
        }
        int scale = number(schema, "scale", 0);
        int precision = number(schema, "precision", Integer.MAX_VALUE);
        if (!isExact(precision, scale)) {
            return new ColumnReader(Primitive.STRING, false, in -> text(unscaled(in), scale));
        }
        return new ColumnReader(new ColumnType.Decimal(precision, scale), false, in -> {
            BigInteger unscaled = unscaled(in);
            return unscaled == null ? Invalid.VALUE : exact(unscaled, precision, scale);
        });
    }

    /** Whether decimals can be held as such, and are not to be text. */
    static boolean isExact(int precision, int scale) {
        return precision >= 1 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision;
    }

    /** The decimal, unless it has too many digits. */
    static Object exact(BigInteger unscaled, int precision, int scale) {
        BigDecimal value = new BigDecimal(unscaled, scale);
        return value.precision() > precision ? Invalid.VALUE : value;
    }

    /** The decimal that a text spells, with so many digits; unless it has more. */
    static Object exact(String text, int precision, int scale) {
        BigDecimal value = parse(text);
        if (value == null) {
            return Invalid.VALUE;
        }
        if (value.signum() == 0) {
            return BigDecimal.ZERO.setScale(scale);
        }
        // Too many digits before the point, or so many zeros to be cut off behind it as it cannot have: an exponent can
        // make
        // the zeros so many that writing them out takes for ever.
        boolean tooLarge = (long) value.precision() - value.scale() > precision - scale;
        if (tooLarge || (long) value.scale() - scale > value.precision()) {
            return Invalid.VALUE;
        }
        try {
            return value.setScale(scale, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            return Invalid.VALUE;
        }
    }

    /** The decimal that a text spells, as PostgreSQL writes it. */
    static Object plain(String text) {
        if (PLAIN.matcher(text).matches()
                || text.equals("NaN")
                || text.equals("Infinity")
                || text.equals("-Infinity")) {
            return text;
        }
        BigDecimal value = parse(text);
        return value == null || value.scale() > MAX_SCALE || value.scale() < MIN_SCALE
                ? Invalid.VALUE
                : value.toPlainString();
    }

    private static @Nullable BigDecimal parse(String text) {
        try {
            return text.length() > MAX_PARSED_CHARS ? null : new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static ColumnReader variableScale(Schema schema) {
        List<Schema.Field> fields = schema.getType() == Schema.Type.RECORD ? schema.getFields() : List.of();
        boolean shape = fields.size() == 2
                && fields.get(0).name().equals("scale")
                && fields.get(0).schema().getType() == Schema.Type.INT
                && fields.get(1).name().equals("value")
                && fields.get(1).schema().getType() == Schema.Type.BYTES;
        if (!shape) {
            throw new Unsupported("it has a decimal of variable scale of another shape");
        }
        return new ColumnReader(Primitive.STRING, false, in -> {
            int scale = in.readInt();
            return text(unscaled(in), scale);
        });
    }

    static Object text(@Nullable BigInteger unscaled, int scale) {
        if (unscaled == null || scale > MAX_SCALE || scale < MIN_SCALE) {
            return Invalid.VALUE;
        }
        BigDecimal value = new BigDecimal(unscaled, scale);
        // Zeros behind the point that nobody declared.
        return (scale > MAX_DECLARED_SCALE && scale < 2 * 1024 ? value.stripTrailingZeros() : value).toPlainString();
    }

    private static @Nullable BigInteger unscaled(AvroBytes in) {
        return unscaled(in.readBytes(in.readLength()));
    }

    /** The number that the bytes are; null if they are none, or more than any database has. */
    static @Nullable BigInteger unscaled(byte[] bytes) {
        return bytes.length == 0 || bytes.length > MAX_BYTES ? null : new BigInteger(bytes);
    }

    private static int number(Schema schema, String name, int otherwise) {
        return schema.getObjectProp(name) instanceof Number number ? number.intValue() : otherwise;
    }
}

package io.millrace.schemas.decode;

import io.millrace.schemas.decode.AvroShapes.Unsupported;
import io.millrace.schemas.decode.ColumnReader.Invalid;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
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

    private Decimals() {}

    static ColumnReader fixedScale(Schema schema) {
        if (schema.getType() != Schema.Type.BYTES) {
            throw new Unsupported("it has a decimal of type " + schema.getType().getName());
        }
        int scale = number(schema, "scale", 0);
        int precision = number(schema, "precision", Integer.MAX_VALUE);
        if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
            return new ColumnReader(Primitive.STRING, false, in -> text(unscaled(in), scale));
        }
        return new ColumnReader(new ColumnType.Decimal(precision, scale), false, in -> {
            BigInteger unscaled = unscaled(in);
            if (unscaled == null) {
                return Invalid.VALUE;
            }
            BigDecimal value = new BigDecimal(unscaled, scale);
            return value.precision() > precision ? Invalid.VALUE : value;
        });
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

    private static Object text(@Nullable BigInteger unscaled, int scale) {
        if (unscaled == null || scale > MAX_SCALE || scale < MIN_SCALE) {
            return Invalid.VALUE;
        }
        BigDecimal value = new BigDecimal(unscaled, scale);
        // Zeros behind the point that nobody declared.
        return (scale > MAX_DECLARED_SCALE && scale < 2 * 1024 ? value.stripTrailingZeros() : value).toPlainString();
    }

    private static @Nullable BigInteger unscaled(AvroBytes in) {
        int length = in.readLength();
        if (length == 0 || length > MAX_BYTES) {
            in.skip(length);
            return null;
        }
        return new BigInteger(in.readBytes(length));
    }

    private static int number(Schema schema, String name, int otherwise) {
        return schema.getObjectProp(name) instanceof Number number ? number.intValue() : otherwise;
    }
}

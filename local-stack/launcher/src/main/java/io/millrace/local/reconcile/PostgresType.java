package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.AsBytes;
import io.millrace.local.reconcile.SourceType.Scalar;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import java.util.Optional;

/**
 * The type of a column of a PostgreSQL table, and what becomes of it: the table of docs/types.md.
 *
 * @param name the name in {@code pg_type}; of a domain that of the type it is made from, of an array that of its elements
 * @param kind its {@code typtype}
 * @param modifier the {@code atttypmod} of the column
 * @param isArray whether the values are arrays
 */
record PostgresType(String name, String kind, int modifier, boolean isArray) {
    /** An array of texts. */
    static final PostgresType TEXTS = new PostgresType("text", "b", -1, true);

    private static final int MAX_PRECISION = 38;
    private static final int TYPMOD_HEADER = 4;

    /** The type of an array's elements. */
    PostgresType element() {
        return new PostgresType(name, kind, modifier, false);
    }

    /** What kind of values there are in the source. */
    SourceType source() {
        return isArray ? new SourceType.Array(scalar()) : scalar();
    }

    private SourceType scalar() {
        if (kind.equals("e")) {
            return Scalar.TEXT;
        }
        return switch (name) {
            case "bool" -> Scalar.BOOLEAN;
            case "int2", "int4", "int8", "oid" -> Scalar.INTEGER;
            case "float4" -> Scalar.REAL;
            case "float8" -> Scalar.DOUBLE;
            case "numeric" -> modifier < TYPMOD_HEADER ? Scalar.FREE_NUMERIC : Scalar.NUMERIC;
            case "money" -> Scalar.NUMERIC;
            case "bytea" -> Scalar.BYTES;
            case "date" -> Scalar.DATE;
            case "time" -> Scalar.TIME;
            case "timetz" -> Scalar.TIME_TZ;
            case "interval" -> Scalar.INTERVAL;
            case "hstore" -> Scalar.HSTORE;
            case "timestamp" -> Scalar.TIMESTAMP;
            case "timestamptz" -> Scalar.TIMESTAMP_TZ;
            case "uuid" -> Scalar.UUID;
            case "text",
                    "varchar",
                    "bpchar",
                    "name",
                    "char",
                    "citext",
                    "json",
                    "jsonb",
                    "xml",
                    "ltree",
                    "tsvector",
                    "inet",
                    "cidr",
                    "macaddr",
                    "macaddr8",
                    "int4range",
                    "int8range",
                    "numrange",
                    "tsrange",
                    "tstzrange",
                    "daterange" -> Scalar.TEXT;
            case "bit", "varbit" -> modifier == 1 ? Scalar.BOOLEAN : AsBytes.BITS;
            case "point" -> AsBytes.POINT;
            case "box" -> AsBytes.BOX;
            case "circle", "line", "lseg", "path", "polygon" -> AsBytes.SHAPE;
            default -> AsBytes.TEXT;
        };
    }

    /** The type that the pipeline's rows have; empty if its values cannot be made from their text. */
    Optional<ColumnType> ofRows() {
        return isArray ? ofElements().map(ColumnType.Array::new) : ofElements();
    }

    private Optional<ColumnType> ofElements() {
        SourceType scalar = scalar();
        if (scalar instanceof AsBytes) {
            return Optional.of(Primitive.BYTES);
        }
        return switch ((Scalar) scalar) {
            case BOOLEAN -> Optional.of(Primitive.BOOLEAN);
            case INTEGER -> Optional.of(name.equals("int8") || name.equals("oid") ? Primitive.INT64 : Primitive.INT32);
            case REAL -> Optional.of(Primitive.FLOAT32);
            case DOUBLE -> Optional.of(Primitive.FLOAT64);
            case NUMERIC -> Optional.of(numeric());
            case BYTES -> Optional.of(Primitive.BYTES);
            case DATE -> Optional.of(Primitive.DATE);
            case TIME -> Optional.of(Primitive.TIME);
            case TIMESTAMP -> Optional.of(Primitive.TIMESTAMP);
            case TIMESTAMP_TZ -> Optional.of(Primitive.TIMESTAMP_TZ);
            case UUID -> Optional.of(Primitive.UUID);
            case FREE_NUMERIC, TIME_TZ, INTERVAL -> Optional.of(Primitive.STRING);
            case HSTORE -> Optional.empty();
            case TEXT -> Optional.of(name.startsWith("json") ? Primitive.JSON : Primitive.STRING);
        };
    }

    private ColumnType numeric() {
        if (name.equals("money")) {
            return Primitive.STRING;
        }
        int precision = (modifier - TYPMOD_HEADER) >> 16 & 0xffff;
        // Eleven bits with a sign.
        int scale = ((modifier - TYPMOD_HEADER & 0x7ff) ^ 1024) - 1024;
        return precision > MAX_PRECISION || scale < 0 || scale > precision
                ? Primitive.STRING
                : new Decimal(precision, scale);
    }
}

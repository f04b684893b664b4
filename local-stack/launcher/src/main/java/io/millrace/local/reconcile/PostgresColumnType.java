package io.millrace.local.reconcile;

import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import java.util.Optional;

/** The types that the pipeline's rows have for the columns of a PostgreSQL table: the table of docs/types.md. */
final class PostgresColumnType {
    private static final int MAX_PRECISION = 38;
    private static final int TYPMOD_HEADER = 4;

    private PostgresColumnType() {}

    /**
     * The type of a column; empty if its values cannot be made from their text.
     *
     * @param name the type's name in {@code pg_type}, of a domain that of its base
     * @param kind its {@code typtype}; of an array its elements'
     * @param modifier its {@code atttypmod}
     */
    static Optional<ColumnType> of(String name, String kind, int modifier) {
        if (name.startsWith("_")) {
            return of(name.substring(1), kind, modifier).map(Array::new);
        }
        if (kind.equals("e") || kind.equals("r")) {
            return Optional.of(Primitive.STRING);
        }
        return switch (name) {
            case "bool" -> Optional.of(Primitive.BOOLEAN);
            case "int2", "int4" -> Optional.of(Primitive.INT32);
            case "int8", "oid" -> Optional.of(Primitive.INT64);
            case "float4" -> Optional.of(Primitive.FLOAT32);
            case "float8" -> Optional.of(Primitive.FLOAT64);
            case "numeric" -> Optional.of(numeric(modifier));
            case "bytea" -> Optional.of(Primitive.BYTES);
            case "date" -> Optional.of(Primitive.DATE);
            case "time" -> Optional.of(Primitive.TIME);
            case "timestamp" -> Optional.of(Primitive.TIMESTAMP);
            case "timestamptz" -> Optional.of(Primitive.TIMESTAMP_TZ);
            case "uuid" -> Optional.of(Primitive.UUID);
            case "json", "jsonb" -> Optional.of(Primitive.JSON);
            case "text",
                    "varchar",
                    "bpchar",
                    "name",
                    "char",
                    "citext",
                    "xml",
                    "tsvector",
                    "inet",
                    "cidr",
                    "macaddr",
                    "interval",
                    "timetz" -> Optional.of(Primitive.STRING);
            default -> Optional.empty();
        };
    }

    private static ColumnType numeric(int modifier) {
        if (modifier < TYPMOD_HEADER) {
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

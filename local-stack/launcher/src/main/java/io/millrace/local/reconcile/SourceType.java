package io.millrace.local.reconcile;

/** What kind of values a source column has, as far as it matters for comparing them. */
sealed interface SourceType {

    /** A type without elements. */
    enum Scalar implements SourceType {
        BOOLEAN,
        INTEGER,
        REAL,
        DOUBLE,
        NUMERIC,
        BYTES,
        DATE,
        TIME,
        TIME_TZ,
        TIMESTAMP,
        TIMESTAMP_TZ,
        UUID,
        INTERVAL,
        HSTORE,
        /** Enums, JSON, all texts, and whatever the targets hold as a text. */
        TEXT
    }

    /** An array; elements may be null. */
    record Array(SourceType element) implements SourceType {}

    /**
     * The type of a PostgreSQL column.
     *
     * @param name the type's name in {@code pg_type}; an array's begins with an underscore
     */
    static SourceType ofPostgres(String name) {
        if (name.startsWith("_")) {
            return new Array(ofPostgres(name.substring(1)));
        }
        return switch (name) {
            case "bool" -> Scalar.BOOLEAN;
            case "int2", "int4", "int8", "oid" -> Scalar.INTEGER;
            case "float4" -> Scalar.REAL;
            case "float8" -> Scalar.DOUBLE;
            case "numeric" -> Scalar.NUMERIC;
            case "bytea" -> Scalar.BYTES;
            case "date" -> Scalar.DATE;
            case "time" -> Scalar.TIME;
            case "timetz" -> Scalar.TIME_TZ;
            case "interval" -> Scalar.INTERVAL;
            case "hstore" -> Scalar.HSTORE;
            case "timestamp" -> Scalar.TIMESTAMP;
            case "timestamptz" -> Scalar.TIMESTAMP_TZ;
            case "uuid" -> Scalar.UUID;
            default -> Scalar.TEXT;
        };
    }
}

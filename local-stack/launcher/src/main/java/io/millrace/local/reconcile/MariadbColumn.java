package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Scalar;

/**
 * A column of a MariaDB table.
 *
 * @param name its name
 * @param type the kind of its values in the targets
 * @param declared the name of its type in the database, in lower case
 * @param digits of a bit column, how many bits; of others 0
 * @param nullable whether it may be null
 */
record MariadbColumn(String name, Scalar type, String declared, int digits, boolean nullable) {

    /**
     * A column as {@code information_schema} has it.
     *
     * @param declared such as {@code bigint}
     * @param full such as {@code bigint(20) unsigned}
     */
    static MariadbColumn of(String name, String declared, String full, int digits, boolean nullable) {
        Scalar type = switch (declared) {
            case "tinyint", "smallint", "mediumint", "int", "year" -> Scalar.INTEGER;
            case "bigint" -> full.contains("unsigned") ? Scalar.NUMERIC : Scalar.INTEGER;
            case "decimal" -> Scalar.NUMERIC;
            // With digits, as in float(7,4), it is a double to Debezium.
            case "float" -> full.contains(",") ? Scalar.DOUBLE : Scalar.REAL;
            case "double" -> Scalar.DOUBLE;
            case "bit" -> digits == 1 ? Scalar.BOOLEAN : Scalar.BYTES;
            case "date" -> Scalar.DATE;
            case "time" -> Scalar.TIME;
            case "datetime" -> Scalar.TIMESTAMP;
            case "timestamp" -> Scalar.TIMESTAMP_TZ;
            case "uuid" -> Scalar.UUID;
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> Scalar.BYTES;
            default -> isGeometry(declared) ? Scalar.BYTES : Scalar.TEXT;
        };
        return new MariadbColumn(name, type, declared, digits, nullable);
    }

    private static boolean isGeometry(String declared) {
        return declared.endsWith("point")
                || declared.endsWith("linestring")
                || declared.endsWith("polygon")
                || declared.equals("geometry")
                || declared.equals("geometrycollection");
    }

    /** What asks the server for the exact value as a text. */
    String expression() {
        String quoted = quoted(name);
        if (isGeometry(declared)) {
            return "HEX(ST_AsWKB(" + quoted + "))";
        }
        return switch (declared) {
            // The text of a float has six digits only.
            case "float" -> "CAST(" + quoted + " AS DOUBLE)";
            case "bit" ->
                digits == 1 ? quoted + " + 0" : "LPAD(HEX(" + quoted + " + 0), " + 2 * ((digits + 7) / 8) + ", '0')";
            case "date", "time", "datetime", "timestamp" -> "CAST(" + quoted + " AS CHAR)";
            case "year" -> quoted + " + 0";
            default -> type == Scalar.BYTES ? "HEX(" + quoted + ")" : quoted;
        };
    }

    static String quoted(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }
}

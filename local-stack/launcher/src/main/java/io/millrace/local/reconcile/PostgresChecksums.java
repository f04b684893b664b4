package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * SQL by which PostgreSQL computes what {@link ComparedTable#digest} and {@link ComparedTable#keyDigest} compute here, from
 * the same texts: only checksums leave the server.
 *
 * <p>Where SQL has another text than {@link Canonical} for a value that no target can hold, or that is rare (years after
 * 9999 or before Christ), it must not be the text of another value: then the bucket differs, and its rows are compared here.
 *
 * @param key an expression for the text of a row's key
 * @param row an expression for the text of a row
 */
record PostgresChecksums(String key, String row) {
    private static final String IN_YEARS_OF_FOUR_DIGITS =
            " BETWEEN '0001-01-01' AND '9999-12-31 23:59:59.999999' THEN ";

    /**
     * The expressions of a table; empty if it has a column whose text SQL cannot tell.
     *
     * @param columns its columns in the source
     */
    static Optional<PostgresChecksums> of(ComparedTable table, List<PostgresColumn> columns) {
        List<String> row = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (PostgresColumn column : columns) {
            Optional<String> text = text(column.type(), column.expression());
            if (text.isEmpty()) {
                return Optional.empty();
            }
            texts.add(text.get());
            row.add(element(column.type().source(), text.get()));
        }
        List<String> key = new ArrayList<>();
        for (SourceColumn column : table.keyColumns()) {
            if (isReal(column.type())) {
                // A key's text is Java's own, not that of its bits.
                return Optional.empty();
            }
            String text = texts.get(table.indexOf(column.name()));
            key.add("replace(replace(" + text + ", '\\', '\\\\'), '|', '\\|')");
        }
        return Optional.of(new PostgresChecksums(
                String.join(" || '|' || ", key), "'[' || " + String.join(" || ", row) + " || ']'"));
    }

    /** Number of a bucket, its rows, both halves of the exclusive or of their digests. */
    String select(Buckets buckets, String from) {
        return "SELECT bucket, rows, substring(sum FOR 64)::bit(64)::bigint, substring(sum FROM 65)::bit(64)::bigint FROM ("
                + "SELECT " + bucket(buckets) + " AS bucket, count(*) AS rows, bit_xor(('x' || " + md5(row)
                + ")::bit(128)) AS sum FROM " + from + " GROUP BY 1) AS sums";
    }

    /** A condition for the rows of some buckets, with one parameter: the numbers of the buckets, an array. */
    String isInBuckets(Buckets buckets) {
        return bucket(buckets) + " = ANY (?)";
    }

    private String bucket(Buckets buckets) {
        return "(('x' || left(" + md5(key) + ", " + Buckets.MAX_BITS / 4 + "))::bit(" + Buckets.MAX_BITS + ")::int >> "
                + (Buckets.MAX_BITS - buckets.bits()) + ")";
    }

    private static String md5(String text) {
        return "md5(convert_to(" + text + ", 'UTF8'))";
    }

    /** A text as {@link Canonical#list} writes an element, with the comma behind it. */
    private static String element(SourceType type, String text) {
        boolean plain = type instanceof Scalar && type != Scalar.TEXT;
        String escaped = plain ? text : "replace(replace(" + text + ", '\\', '\\\\'), ',', '\\,')";
        return "coalesce(" + escaped + ", '\\N') || ','";
    }

    /** The text of a value in what is digested, see {@link Canonical#ofDigest}. */
    private static Optional<String> text(PostgresType type, String value) {
        if (type.isArray()) {
            return array(type.element(), value);
        }
        if (!(type.source() instanceof Scalar scalar)) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                switch (scalar) {
                    case REAL -> "('x' || encode(float4send(" + value + "), 'hex'))::bit(32)::int::text";
                    case DOUBLE -> "('x' || encode(float8send(" + value + "), 'hex'))::bit(64)::bigint::text";
                    case BYTES ->
                        "translate(rtrim(replace(encode(" + value + ", 'base64'), chr(10), ''), '='), '+/', '-_')";
                    case FREE_NUMERIC -> "trim_scale(" + value + ")::text";
                    case TIME -> "to_char(" + value + ", 'HH24:MI:SS.US')";
                    case TIMESTAMP -> timestamp(value, "");
                    case TIMESTAMP_TZ -> timestamp(value, "Z");
                    case TIME_TZ, INTERVAL, HSTORE -> null;
                    case BOOLEAN, INTEGER, NUMERIC, DATE, UUID, TEXT ->
                        switch (type.name()) {
                            // A cast to text takes the blanks away that the type pads with.
                            case "bpchar" -> "CASE WHEN " + value + " IS NOT NULL THEN concat(" + value + ") END";
                            case "bit", "varbit" -> null;
                            default -> value + "::text";
                        };
                });
    }

    private static String timestamp(String value, String zone) {
        return "CASE WHEN " + value + IN_YEARS_OF_FOUR_DIGITS + "to_char(" + value
                + ", 'YYYY-MM-DD\"T\"HH24:MI:SS.US" + (zone.isEmpty() ? "" : "\"" + zone + "\"") + "') ELSE " + value
                + "::text END";
    }

    private static Optional<String> array(PostgresType element, String value) {
        // The list's text is made of canonical texts, in which reals are Java's.
        return isReal(element.source())
                ? Optional.empty()
                : text(element, "e")
                        .map(text -> "CASE WHEN array_ndims(" + value + ") > 1 THEN " + value + "::text WHEN "
                                + value + " IS NOT NULL THEN '[' || coalesce((SELECT string_agg("
                                + element(element.source(), text)
                                + ", '' ORDER BY n) FROM unnest(" + value
                                + ") WITH ORDINALITY AS elements (e, n)), '') || ']' END");
    }

    private static boolean isReal(SourceType type) {
        return type == Scalar.REAL || type == Scalar.DOUBLE;
    }
}

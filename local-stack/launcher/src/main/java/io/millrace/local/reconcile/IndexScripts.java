package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.Scalar;
import io.millrace.schemas.document.FieldName;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Scripts by which OpenSearch computes what {@link ComparedTable#digest} and {@link ComparedTable#keyDigest} compute here,
 * from its documents as they were sent: only checksums leave the cluster.
 *
 * <p>A field that does not hold what it should gets a text that no value has. What a script does not know to be equal is
 * compared here in the end; it must only never take for equal what is not.
 *
 * @param texts functions, and statements that leave the texts of key and row in {@code key} and {@code row}
 */
record IndexScripts(String texts) {
    /** OpenSearch's own limit is 64 kB. */
    private static final int LONGEST = 60_000;

    private static final String FUNCTIONS = """
            String odd(def v) { return Character.toString((char) 0) + v; }
            String esc(String t, String c) { return t.replace('\\\\', '\\\\\\\\').replace(c, '\\\\' + c); }
            String cell(String t) { return t == null ? '\\\\N,' : esc(t, ',') + ','; }
            String BOOLEAN(def v) { return v == null ? null : v instanceof Boolean ? v.toString() : odd(v); }
            String INTEGER(def v) {
              return v == null ? null : v instanceof Integer || v instanceof Long ? v.toString() : odd(v); }
            String REAL(def v) {
              if (v == null) return null;
              if (v instanceof Number) return Integer.toString(Float.floatToIntBits(((Number) v).floatValue()));
              return v == 'NaN' ? '2143289344' : v == 'Infinity' ? '2139095040' : v == '-Infinity' ? '-8388608' : odd(v); }
            String DOUBLE(def v) {
              if (v == null) return null;
              if (v instanceof Number) return Long.toString(Double.doubleToLongBits(((Number) v).doubleValue()));
              return v == 'NaN' ? '9221120237041090560' : v == 'Infinity' ? '9218868437227405312'
                : v == '-Infinity' ? '-4503599627370496' : odd(v); }
            String TEXT(def v) { return v == null ? null : v instanceof String ? (String) v : odd(v); }
            String BYTES(def v) {
              if (v == null) return null;
              if (!(v instanceof String)) return odd(v);
              String t = ((String) v).replace('+', '-').replace('/', '_');
              return t.endsWith('==') ? t.substring(0, t.length() - 2)
                : t.endsWith('=') ? t.substring(0, t.length() - 1) : t; }
            UUID md5(String t) { return UUID.nameUUIDFromBytes(Base64.getDecoder().decode(t.encodeBase64())); }
            """;

    /** The scripts of a table; empty if it has a column whose text a script cannot tell. */
    static Optional<IndexScripts> of(ComparedTable table) {
        StringBuilder statements =
                new StringBuilder("Map d = params['_source'];\nStringBuilder r = new StringBuilder('[');\n");
        StringBuilder arrays = new StringBuilder();
        for (int i = 0; i < table.columns().size(); i++) {
            SourceColumn column = table.columns().get(i);
            String function = function(column.type());
            if (function == null) {
                return Optional.empty();
            }
            if (column.type() instanceof Array) {
                arrays.append(arrayFunction(function, i));
                function = "A" + i;
            }
            statements.append("String c%s = %s(%s);\nr.append(cell(c%s));\n"
                    .formatted(i, function, field(table, column.name()), i));
        }
        if (table.keyColumns().stream().anyMatch(key -> isReal(key.type()))) {
            // A key's text is Java's own, not that of its bits.
            return Optional.empty();
        }
        statements
                .append("String row = r.append(']').toString();\nString key = ")
                .append(table.keyColumns().stream()
                        .map(key -> "esc(c" + table.indexOf(key.name()) + " == null ? 'null' : c"
                                + table.indexOf(key.name()) + ", '|')")
                        .collect(Collectors.joining(" + '|' + ")))
                .append(";\nUUID k = md5(key);\n");
        String texts = FUNCTIONS + arrays + statements;
        return texts.length() > LONGEST ? Optional.empty() : Optional.of(new IndexScripts(texts));
    }

    /** A function of the field's value; null if there is none. */
    private static @Nullable String function(SourceType type) {
        if (type instanceof Array array) {
            // The list's text is made of canonical texts, in which reals are Java's.
            return array.element() instanceof Array || isReal(array.element()) ? null : function(array.element());
        }
        return switch ((Scalar) type) {
            case BOOLEAN, INTEGER, REAL, DOUBLE, BYTES, TEXT -> type.toString();
            case NUMERIC, FREE_NUMERIC, DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, UUID -> "TEXT";
            case TIME_TZ, INTERVAL, HSTORE -> null;
        };
    }

    private static String arrayFunction(String element, int number) {
        return ("String A%s(def v) { if (v == null) return null; if (!(v instanceof List)) return odd(v);"
                        + " StringBuilder b = new StringBuilder('[');"
                        + " for (e in v) { b.append(cell(%s(e))); } return b.append(']').toString(); }\n")
                .formatted(number, element);
    }

    /** A field's value, under the name that a renamed column may be kept under. */
    private static String field(ComparedTable table, String column) {
        String name = literal(FieldName.of(column));
        String before = table.route().renames().get(column);
        return before == null
                ? "d.get(" + name + ")"
                : "d.containsKey(" + name + ") ? d.get(" + name + ") : " + field(table, before);
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static boolean isReal(SourceType type) {
        return type == Scalar.REAL || type == Scalar.DOUBLE;
    }

    private static String bucket(Buckets buckets) {
        return "int b = (int) (k.getMostSignificantBits() >>> 48) >> " + (Buckets.MAX_BITS - buckets.bits()) + ";\n";
    }

    /** Adds a document to its bucket: for each bucket rows, and both halves of the exclusive or of their digests. */
    String add(Buckets buckets) {
        return texts + bucket(buckets) + "UUID u = md5(row);\nlong[] s = state.sums;\ns[3 * b] += 1;\n"
                + "s[3 * b + 1] ^= u.getMostSignificantBits();\ns[3 * b + 2] ^= u.getLeastSignificantBits();";
    }

    /** Begins with nothing in any bucket. */
    static String begin(Buckets buckets) {
        return "state.sums = new long[" + 3 * buckets.count() + "];";
    }

    /** What a shard answers. */
    static String ofShard() {
        return "return state.sums;";
    }

    /** Puts the shards together: in a function, as a loop may run a million times in each call. */
    static String ofShards(Buckets buckets) {
        return "void add(long[] all, long[] some) { for (int i = 0; i < all.length; i += 3) {"
                + " all[i] += some[i]; all[i + 1] ^= some[i + 1]; all[i + 2] ^= some[i + 2]; } }\n"
                + "long[] all = new long[" + 3 * buckets.count() + "];\n"
                + "for (s in states) { if (s != null) add(all, (long[]) s); }\nreturn all;";
    }

    /** Scores 1 what is in a bucket of {@code params.buckets}, a text of one 0 or 1 a bucket; else 0. */
    String isInBuckets(Buckets buckets) {
        return texts + bucket(buckets) + "return params.buckets.charAt(b) == (char) '1' ? 1 : 0;";
    }
}

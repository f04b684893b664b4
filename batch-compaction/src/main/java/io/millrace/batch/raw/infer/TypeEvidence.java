package io.millrace.batch.raw.infer;

import io.millrace.schemas.decode.TextColumn;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.pipeline.DeclaredType;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What the values of a column have in common; evidence of several files is merged, in any order.
 *
 * <p>Nothing that is written differently from how its type would write it is taken for that type: {@code 007} and {@code +5}
 * are texts. A number with a point is a decimal; only an exponent makes a double. What is empty or null says nothing.
 */
public final class TypeEvidence implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int MAX_DIGITS = 38;
    private static final int LONG_DIGITS = 18;

    private static final TextColumn DATE = column("date");
    private static final TextColumn TIMESTAMP = column("timestamp");
    private static final TextColumn INSTANT = column("timestamptz");

    /** The families of types that may still hold all values. */
    private enum Family {
        BOOLEAN,
        NUMBER,
        DATE,
        TIMESTAMP,
        INSTANT
    }

    private final Set<Family> possible = EnumSet.allOf(Family.class);
    private long values;
    private boolean exponent;
    private int integerDigits;
    private int scale;

    /** Takes a value into account. */
    public void add(String text) {
        if (text.isEmpty()) {
            return;
        }
        values++;
        if (!possible.isEmpty()) {
            possible.removeIf(family -> !holds(family, text));
        }
    }

    /** Takes into account what is known of the column from elsewhere. */
    public void add(TypeEvidence that) {
        values += that.values;
        possible.retainAll(that.possible);
        exponent |= that.exponent;
        integerDigits = Math.max(integerDigits, that.integerDigits);
        scale = Math.max(scale, that.scale);
    }

    /** Whether any value was seen. */
    public boolean hasValues() {
        return values > 0;
    }

    /** The narrowest type that holds all values; text if there were none. */
    public DeclaredType type() {
        if (values == 0 || possible.isEmpty()) {
            return declared("string");
        }
        if (possible.contains(Family.BOOLEAN)) {
            return declared("boolean");
        }
        if (possible.contains(Family.NUMBER)) {
            return number();
        }
        return declared(
                possible.contains(Family.DATE)
                        ? "date"
                        : possible.contains(Family.TIMESTAMP) ? "timestamp" : "timestamptz");
    }

    private DeclaredType number() {
        if (exponent) {
            return declared("float64");
        }
        if (scale == 0 && integerDigits <= LONG_DIGITS) {
            return declared("int64");
        }
        int digits = integerDigits + scale;
        return digits > MAX_DIGITS ? declared("string") : declared("decimal(" + roomy(digits) + "," + scale + ")");
    }

    /** As many digits as take no more space: Parquet has decimals of 4 and of 8 bytes. */
    private static int roomy(int digits) {
        return digits <= 9 ? 9 : digits <= LONG_DIGITS ? LONG_DIGITS : MAX_DIGITS;
    }

    /**
     * The type that a column must become to hold all values, of those to which Iceberg lets it grow.
     *
     * @return the column's own type if it is wide enough, or cannot grow that far
     */
    public ColumnType widened(ColumnType type) {
        boolean integers = possible.contains(Family.NUMBER) && !exponent && scale == 0;
        if (type == Primitive.INT32) {
            return integers && integerDigits > 9 && integerDigits <= LONG_DIGITS ? Primitive.INT64 : type;
        }
        if (type instanceof ColumnType.Decimal decimal
                && possible.contains(Family.NUMBER)
                && !exponent
                && scale <= decimal.scale()) {
            int digits = integerDigits + decimal.scale();
            return digits > decimal.precision() && digits <= MAX_DIGITS
                    ? new ColumnType.Decimal(roomy(digits), decimal.scale())
                    : type;
        }
        return type;
    }

    private boolean holds(Family family, String text) {
        return switch (family) {
            case BOOLEAN -> text.equals("true") || text.equals("false");
            case NUMBER -> number(text);
            case DATE -> isDigit(text.charAt(0)) && text.length() == 10 && DATE.read(text) != null;
            case TIMESTAMP ->
                isDigit(text.charAt(0)) && text.length() > 10 && !hasZone(text) && TIMESTAMP.read(text) != null;
            case INSTANT ->
                isDigit(text.charAt(0)) && text.length() > 10 && hasZone(text) && INSTANT.read(text) != null;
        };
    }

    private static boolean hasZone(String text) {
        return text.endsWith("Z") || text.indexOf('+', 10) >= 0 || text.indexOf('-', 10) >= 0;
    }

    /** JSON's grammar of numbers. */
    private boolean number(String text) {
        int i = text.charAt(0) == '-' ? 1 : 0;
        int first = i;
        while (i < text.length() && isDigit(text.charAt(i))) {
            i++;
        }
        int digits = i - first;
        if (digits == 0 || (digits > 1 && text.charAt(first) == '0') || text.equals("-0")) {
            return false;
        }
        int places = 0;
        if (i < text.length() && text.charAt(i) == '.') {
            int point = i++;
            while (i < text.length() && isDigit(text.charAt(i))) {
                i++;
            }
            places = i - point - 1;
            if (places == 0) {
                return false;
            }
        }
        boolean power = i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E');
        if (power) {
            i++;
            if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
                i++;
            }
            int begin = i;
            while (i < text.length() && isDigit(text.charAt(i))) {
                i++;
            }
            power = i > begin;
        }
        if (i < text.length()) {
            return false;
        }
        exponent |= power;
        integerDigits = Math.max(integerDigits, digits);
        scale = Math.max(scale, places);
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static TextColumn column(String type) {
        return TextColumn.of(declared(type));
    }

    private static DeclaredType declared(String type) {
        return Objects.requireNonNull(DeclaredType.parse(type), type);
    }
}

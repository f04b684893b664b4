package io.millrace.stream.validate;

import com.google.re2j.Pattern;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.pipeline.Bound;
import io.millrace.schemas.pipeline.Rule;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A rule made ready for values of one type. */
final class ColumnCheck {
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private ColumnCheck() {}

    /**
     * Says of values whether they keep a rule.
     *
     * @param type the type of the column that the rule is for
     * @return the check, which is given null and never a value that was left out; empty if the rule does not fit the type
     */
    static Optional<Predicate<@Nullable Object>> of(Rule.OfColumn rule, ColumnType type) {
        if (rule instanceof Rule.Required) {
            return Optional.of(value -> value != null);
        }
        if (rule instanceof Rule.References) {
            return Optional.of(value -> value != null && !(value instanceof String text && text.isBlank()));
        }
        if (rule instanceof Rule.OneOf oneOf) {
            Set<String> values = new HashSet<>(oneOf.values());
            return Optional.of(orNull(value -> values.contains(KeyText.of(type, value))));
        }
        if (rule instanceof Rule.Matches matches) {
            Pattern pattern = Pattern.compile(matches.regex());
            return !(type instanceof Array)
                    ? Optional.of(orNull(value -> pattern.matches(KeyText.of(type, value))))
                    : Optional.empty();
        }
        if (rule instanceof Rule.MaxLength most) {
            return Optional.of(orNull(value -> length(type, value) <= most.length()));
        }
        if (rule instanceof Rule.Range range) {
            return range(range, type);
        }
        return Optional.of(value -> true);
    }

    private static Optional<Predicate<@Nullable Object>> range(Rule.Range range, ColumnType type) {
        Bound any = range.min() == null ? range.max() : range.min();
        if (any instanceof Bound.Number) {
            return isNumber(type)
                    ? Optional.of(orNull(value -> isBetween(value, number(range.min()), number(range.max()))))
                    : Optional.empty();
        }
        if (type != Primitive.DATE && type != Primitive.TIMESTAMP && type != Primitive.TIMESTAMP_TZ) {
            return Optional.empty();
        }
        long least = range.min() instanceof Bound.Moment moment ? moment.micros() : Long.MIN_VALUE;
        long most = range.max() instanceof Bound.Moment moment ? moment.micros() : Long.MAX_VALUE;
        return Optional.of(orNull(value -> {
            long micros = type == Primitive.DATE ? (Integer) value * MICROS_PER_DAY : (Long) value;
            return micros >= least && micros <= most;
        }));
    }

    private static boolean isNumber(ColumnType type) {
        return type instanceof Decimal
                || type == Primitive.INT32
                || type == Primitive.INT64
                || type == Primitive.FLOAT32
                || type == Primitive.FLOAT64;
    }

    private static @Nullable BigDecimal number(@Nullable Bound bound) {
        return bound instanceof Bound.Number number ? number.value() : null;
    }

    private static boolean isBetween(Object value, @Nullable BigDecimal min, @Nullable BigDecimal max) {
        if (value instanceof Double || value instanceof Float) {
            double real = ((Number) value).doubleValue();
            // NaN is in no range; an infinity is beyond every end that there is.
            if (!Double.isFinite(real)) {
                return !Double.isNaN(real) && (real > 0 ? max == null : min == null);
            }
        }
        BigDecimal number = value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
        return (min == null || number.compareTo(min) >= 0) && (max == null || number.compareTo(max) <= 0);
    }

    private static int length(ColumnType type, Object value) {
        if (type instanceof Array) {
            return ((List<?>) value).size();
        }
        if (type == Primitive.BYTES) {
            return ((ByteBuffer) value).remaining();
        }
        return ValueClass.characters(KeyText.of(type, value));
    }

    private static Predicate<@Nullable Object> orNull(Predicate<Object> check) {
        return value -> value == null || check.test(value);
    }
}

package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** An end of a range: a number, or a moment. */
public sealed interface Bound extends Serializable {

    /** An exact number. */
    record Number(BigDecimal value) implements Bound {}

    /** A moment in microseconds since 1970-01-01T00:00Z; of a date its beginning, without a zone in UTC. */
    record Moment(long micros) implements Bound {}

    /** Reads a number, or a date or time in ISO 8601; null if it is neither. */
    static @Nullable Bound parse(String text) {
        if (text.matches("[+-]?[0-9]{1,40}(\\.[0-9]{1,40})?")) {
            return new Number(new BigDecimal(text));
        }
        try {
            if (!text.contains("T")) {
                return moment(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            return moment(
                    text.matches(".*(Z|[+-][0-9]{2}:[0-9]{2})")
                            ? OffsetDateTime.parse(text).toInstant()
                            : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Bound moment(Instant instant) {
        return new Moment(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
    }

    /** Whether this bound and that one are of one kind, and this one is not above that one. */
    default boolean isUpTo(Bound that) {
        return this instanceof Number low && that instanceof Number high
                ? low.value().compareTo(high.value()) <= 0
                : this instanceof Moment early && that instanceof Moment late && early.micros() <= late.micros();
    }
}

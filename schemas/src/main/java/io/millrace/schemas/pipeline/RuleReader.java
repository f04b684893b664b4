package io.millrace.schemas.pipeline;

import io.millrace.schemas.pipeline.Rule.Action;
import io.millrace.schemas.pipeline.Rule.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes rules of their sections, which have been checked. */
final class RuleReader {
    private RuleReader() {}

    static Rule read(Section section) {
        Action action = section.value("action", Action.class);
        Kind kind = section.value("rule", Kind.class);
        return kind == Kind.VOLUME ? volume(section, action) : ofColumn(kind, section, action);
    }

    private static Rule ofColumn(Kind kind, Section section, Action action) {
        String column = section.text("column");
        return switch (kind) {
            case REQUIRED -> new Rule.Required(column, action);
            case RANGE -> new Rule.Range(column, bound(section, "min"), bound(section, "max"), action);
            case PATTERN -> new Rule.Matches(column, section.text("pattern"), action);
            case ONE_OF -> new Rule.OneOf(column, section.list("values", String.class), action);
            case MAX_LENGTH -> new Rule.MaxLength(column, section.number("length"), action);
            case REFERENCES -> new Rule.References(column, section.text("table"), action);
            case UNIQUE_IN_WINDOW ->
                new Rule.UniqueInWindow(
                        column, orElse(section, "window", Duration.class, Duration.ofMinutes(10)), action);
            case VOLUME -> throw new IllegalArgumentException("Cannot read as a rule of a column: " + kind);
        };
    }

    private static Rule volume(Section section, Action action) {
        return new Rule.Volume(
                orElse(section, "window", Duration.class, Duration.ofHours(1)),
                orElse(section, "too-few", BigDecimal.class, new BigDecimal("0.1"))
                        .doubleValue(),
                orElse(section, "too-many", BigDecimal.class, BigDecimal.TEN).doubleValue(),
                orElse(section, "at-least", Integer.class, 10),
                action);
    }

    private static <T> T orElse(Section section, String name, Class<T> type, T otherwise) {
        T value = section.find(name, type);
        return value == null ? otherwise : value;
    }

    private static @Nullable Bound bound(Section section, String name) {
        String text = section.find(name, String.class);
        return text == null ? null : Bound.parse(text);
    }
}

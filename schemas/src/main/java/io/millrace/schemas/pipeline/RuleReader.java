package io.millrace.schemas.pipeline;

import io.millrace.schemas.pipeline.Rule.Action;
import io.millrace.schemas.pipeline.Rule.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes rules of their sections, which have been checked. */
final class RuleReader {
    private RuleReader() {}

    static Rule read(Section section) {
        Action action = section.value("action", Action.class);
        String column = section.text("column");
        return switch (section.value("rule", Kind.class)) {
            case REQUIRED -> new Rule.Required(column, action);
            case RANGE -> new Rule.Range(column, bound(section, "min"), bound(section, "max"), action);
            case PATTERN -> new Rule.Matches(column, section.text("pattern"), action);
            case ONE_OF -> new Rule.OneOf(column, section.list("values", String.class), action);
            case MAX_LENGTH -> new Rule.MaxLength(column, section.number("length"), action);
            case REFERENCES -> new Rule.References(column, section.text("table"), action);
            case UNIQUE_IN_WINDOW -> new Rule.UniqueInWindow(column, window(section), action);
        };
    }

    static Duration window(Section section) {
        Duration window = section.find("window", Duration.class);
        return window == null ? Duration.ofMinutes(10) : window;
    }

    private static @Nullable Bound bound(Section section, String name) {
        String text = section.find(name, String.class);
        return text == null ? null : Bound.parse(text);
    }
}

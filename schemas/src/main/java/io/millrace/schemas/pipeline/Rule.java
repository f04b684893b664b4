package io.millrace.schemas.pipeline;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the changes of a table must be like. */
public sealed interface Rule extends Serializable {

    /** What happens to a change that breaks the rule. */
    Action action();

    /** The rule as reasons and reports name it. */
    String name();

    /** What happens to a change that breaks a rule. */
    enum Action {
        /** It goes to the dead letters and is not applied. */
        DEAD_LETTER,
        /** It is applied, and a report is written. */
        REPORT
    }

    /** The rules by the names that the pipeline file has for them. */
    enum Kind {
        REQUIRED,
        RANGE,
        PATTERN,
        ONE_OF,
        MAX_LENGTH,
        REFERENCES,
        UNIQUE_IN_WINDOW,
        VOLUME
    }

    /** A rule for the values of one column; all but {@link Required} and {@link References} let null pass. */
    sealed interface OfColumn extends Rule {
        String column();
    }

    /** The value is not null. */
    record Required(String column, Action action) implements OfColumn {
        @Override
        public String name() {
            return "required";
        }
    }

    /**
     * The value is within bounds, both of which belong to the range.
     *
     * @param min the least; null if there is none
     * @param max the greatest; null if there is none
     */
    record Range(
            String column, @Nullable Bound min, @Nullable Bound max, Action action) implements OfColumn {
        @Override
        public String name() {
            return "range";
        }
    }

    /**
     * The whole text matches a regular expression.
     *
     * @param regex in the syntax of RE2, which takes linear time for every text
     */
    record Matches(String column, String regex, Action action) implements OfColumn {
        @Override
        public String name() {
            return "pattern";
        }
    }

    /** The value's canonical text is one of these. */
    record OneOf(String column, List<String> values, Action action) implements OfColumn {
        @Override
        public String name() {
            return "one-of";
        }
    }

    /** The text has at most so many characters, the bytes are at most so many, the array has at most so many elements. */
    record MaxLength(String column, int length, Action action) implements OfColumn {
        @Override
        public String name() {
            return "max-length";
        }
    }

    /**
     * The value can refer to a row of another table: it is neither null nor an empty text. That there is such a row is not
     * looked up, as the other table's change may be under way.
     *
     * @param table the other table as its database names it, for the reason's text
     */
    record References(String column, String table, Action action) implements OfColumn {
        @Override
        public String name() {
            return "references " + table;
        }
    }

    /** No two rows have this value, as far as changes within a window of event time tell. */
    record UniqueInWindow(String column, Duration window, Action action) implements OfColumn {
        @Override
        public String name() {
            return "unique-in-window";
        }
    }

    /**
     * The table's changes of each minute are about as many as they were on average before.
     *
     * @param window over how long before the minute changes are averaged; whole minutes
     * @param tooFew fewer than so many times the average are too few; below one
     * @param tooMany more than so many times the average are too many; above one
     * @param atLeast the average below which nothing is said
     */
    record Volume(Duration window, double tooFew, double tooMany, int atLeast, Action action) implements Rule {
        @Override
        public String name() {
            return "volume";
        }
    }
}

package io.millrace.schemas.pipeline;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of a partition field, after Iceberg's transforms.
 *
 * <pre>
 * field  = column | unit "(" column ")" | ("bucket" | "truncate") "(" n "," column ")"
 * unit   = "year" | "month" | "day" | "hour"
 * n      = a whole number from 1
 * column = a name without ( ) , and "; blanks only inside of it
 * </pre>
 */
final class PartitionField {
    private static final String COLUMN = "[^\\s(),\"](?:[^(),\"]*[^\\s(),\"])?";
    private static final Pattern IDENTITY = Pattern.compile(COLUMN);
    private static final Pattern UNIT = Pattern.compile("(year|month|day|hour)\\(\\s*(" + COLUMN + ")\\s*\\)");
    private static final Pattern NUMBERED =
            Pattern.compile("(bucket|truncate)\\(\\s*([1-9][0-9]{0,8})\\s*,\\s*(" + COLUMN + ")\\s*\\)");

    private PartitionField() {}

    /** The column of a field by year, month, day or hour; null if it is another field, or none. */
    static @Nullable String timeColumn(String text) {
        Matcher unit = UNIT.matcher(text.strip());
        return unit.matches() ? unit.group(2) : null;
    }

    /** The field with its blanks where they belong; null if the text is none. */
    static @Nullable String canonical(String text) {
        String field = text.strip();
        if (IDENTITY.matcher(field).matches()) {
            return field;
        }
        Matcher unit = UNIT.matcher(field);
        if (unit.matches()) {
            return unit.group(1) + "(" + unit.group(2) + ")";
        }
        Matcher numbered = NUMBERED.matcher(field);
        return numbered.matches() ? numbered.group(1) + "(" + numbered.group(2) + ", " + numbered.group(3) + ")" : null;
    }
}

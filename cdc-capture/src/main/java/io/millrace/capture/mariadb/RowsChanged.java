package io.millrace.capture.mariadb;

import io.millrace.capture.offset.TableShape;
import io.millrace.capture.offset.TableShape.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a statement that changed a table may have given its rows other values, which the binary log does not tell: then
 * they must be read again. Wrongly true costs a reading, wrongly false a wrong target.
 */
final class RowsChanged {
    private static final List<String> INTEGERS = List.of("tinyint", "smallint", "mediumint", "int", "bigint");
    private static final Pattern SIZED = Pattern.compile("(varchar|varbinary|decimal)\\((\\d+)(?:,(\\d+))?\\)(.*)");
    private static final Pattern INTEGER = Pattern.compile("([a-z]*int)( unsigned)?(?:\\(\\d+\\))?( not null)?");
    private static final String NOT_NULL = " not null";

    private RowsChanged() {}

    /**
     * Why the rows must be read again; empty if the targets hold what they should.
     *
     * @param before the table's shape before the statement; null if it was not known
     * @param renames a column's name to the one that it had before, where the targets rename as well
     */
    static Optional<String> reason(
            String statement, @Nullable TableShape before, TableShape now, Map<String, String> renames) {
        if (before == null) {
            return Optional.of("its rows were not read before");
        }
        Map<String, Column> known = new HashMap<>();
        before.columns().forEach(column -> known.put(column.name(), column));
        for (Column column : now.columns()) {
            Column earlier = known.remove(column.name());
            String reason = earlier == null ? ofNew(column, before, now, renames) : ofKnown(statement, earlier, column);
            if (reason != null) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }

    private static @Nullable String ofNew(
            Column column, TableShape before, TableShape now, Map<String, String> renames) {
        if (before.formerNames().contains(column.name())) {
            return "column " + column.name() + " was dropped and added again";
        }
        List<String> gone = before.columns().stream()
                .map(Column::name)
                .filter(name ->
                        now.columns().stream().noneMatch(other -> other.name().equals(name)))
                .toList();
        String former = renames.get(column.name());
        if (former != null && gone.contains(former)) {
            return null;
        }
        if (!gone.isEmpty()) {
            return "column " + column.name() + " may have been another before";
        }
        return column.filled() ? "column " + column.name() + " was added with a value for all rows" : null;
    }

    private static @Nullable String ofKnown(String statement, Column before, Column now) {
        if (isDroppedIn(statement, now.name())) {
            return "column " + now.name() + " was dropped and added again";
        }
        return before.type().equals(now.type()) || hasSameValues(before.type(), now.type())
                ? null
                : "column " + now.name() + " changed its type";
    }

    /** Whether the statement drops a column that is there afterwards. */
    private static boolean isDroppedIn(String statement, String column) {
        return Pattern.compile(
                        "\\bDROP\\s+(COLUMN\\s+)?(IF\\s+EXISTS\\s+)?`?" + Pattern.quote(column) + "(`|\\b|$)",
                        Pattern.CASE_INSENSITIVE)
                .matcher(statement)
                .find();
    }

    /** Whether every value looks in the wider type as in the narrower one. NULL to NOT NULL turns nulls into something else. */
    private static boolean hasSameValues(String before, String now) {
        if (now.endsWith(NOT_NULL) && !before.endsWith(NOT_NULL)) {
            return false;
        }
        String narrow = before.replace(NOT_NULL, "");
        String wide = now.replace(NOT_NULL, "");
        if (narrow.equals(wide)) {
            return true;
        }
        Matcher narrowInt = INTEGER.matcher(narrow);
        Matcher wideInt = INTEGER.matcher(wide);
        if (narrowInt.matches() && wideInt.matches()) {
            return String.valueOf(narrowInt.group(2)).equals(String.valueOf(wideInt.group(2)))
                    && INTEGERS.indexOf(narrowInt.group(1)) <= INTEGERS.indexOf(wideInt.group(1));
        }
        Matcher narrowSize = SIZED.matcher(narrow);
        Matcher wideSize = SIZED.matcher(wide);
        return narrowSize.matches()
                && wideSize.matches()
                && narrowSize.group(1).equals(wideSize.group(1))
                && String.valueOf(narrowSize.group(3)).equals(String.valueOf(wideSize.group(3)))
                && narrowSize.group(4).equals(wideSize.group(4))
                && Integer.parseInt(narrowSize.group(2)) <= Integer.parseInt(wideSize.group(2));
    }
}

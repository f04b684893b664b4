package io.millrace.capture.postgres;

import io.millrace.capture.offset.TableShape;
import io.millrace.capture.offset.TableShape.Column;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a table's rows must be read again because its shape has changed: PostgreSQL tells of a changed shape only with the next
 * changed row, and of what the change did to all other rows not at all.
 */
final class ShapeChange {
    private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(-?\\d+)\\)");
    private static final Pattern VARCHAR = Pattern.compile("character varying(?:\\((\\d+)\\))?");

    private ShapeChange() {}

    /**
     * Why the rows must be read again; empty if the targets hold what they should.
     *
     * @param before the shape in which the rows were last read, or followed since; null if they never were
     * @param route the key by which the rows are known, empty if it is whatever the primary key is; and which columns the targets
     *     rename as well
     */
    static Optional<String> reason(@Nullable TableShape before, TableShape now, TableRoute route) {
        if (before == null) {
            return Optional.of("it is new");
        }
        if (before.oid() != now.oid()) {
            return Optional.of("it was dropped and made again");
        }
        if (otherKey(before, now) && (route.key().isEmpty() || isKey(now, route.key()))) {
            // What changed under a key that is not the targets' was refused, as no row could be known by it.
            return Optional.of("its key is now (" + String.join(", ", now.key()) + "), and was another one before");
        }
        Map<Integer, Column> known = new HashMap<>();
        before.columns().forEach(column -> known.put(column.number(), column));
        for (Column column : now.columns()) {
            Column earlier = known.get(column.number());
            String reason = earlier == null ? ofNew(column, before) : ofKnown(earlier, column, route.renames());
            if (reason != null) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }

    /** Whether the key is not the one that it was, or was dropped and made again, and may have been another one between. */
    private static boolean otherKey(TableShape before, TableShape now) {
        return !isKey(before, now.key()) || (before.keyOid() != 0 && before.keyOid() != now.keyOid());
    }

    private static boolean isKey(TableShape shape, List<String> columns) {
        return Set.copyOf(shape.key()).equals(Set.copyOf(columns));
    }

    private static @Nullable String ofNew(Column column, TableShape before) {
        if (column.filled()) {
            return "column " + column.name() + " was added with a value for all rows";
        }
        boolean known = before.formerNames().contains(column.name())
                || before.columns().stream().anyMatch(other -> other.name().equals(column.name()));
        return known ? "column " + column.name() + " was dropped and added again" : null;
    }

    private static @Nullable String ofKnown(Column before, Column now, Map<String, String> renames) {
        if (!before.name().equals(now.name()) && !before.name().equals(renames.get(now.name()))) {
            return "column " + before.name() + " was renamed to " + now.name();
        }
        if (!before.type().equals(now.type())) {
            return sameTexts(before.type(), now.type()) ? null : "column " + now.name() + " changed its type";
        }
        return wasOther(before, now) ? "column " + now.name() + " was changed and changed back" : null;
    }

    /** Whether the catalog's entry was written since and says the same, so it said something else between. */
    private static boolean wasOther(Column before, Column now) {
        return !before.entry().isEmpty()
                && before.entry().equals(now.entry())
                && before.entryVersion() != now.entryVersion();
    }

    /** Whether every value looks in the wider type as in the narrower one; not so for real, which shows its digits as double. */
    private static boolean sameTexts(String before, String now) {
        return switch (before) {
            case "smallint" -> now.equals("integer") || now.equals("bigint");
            case "integer" -> now.equals("bigint");
            default -> widerVarchar(before, now) || widerNumeric(before, now);
        };
    }

    private static boolean widerVarchar(String before, String now) {
        Matcher narrow = VARCHAR.matcher(before);
        if (!narrow.matches()) {
            return false;
        }
        Matcher wide = VARCHAR.matcher(now);
        return now.equals("text")
                || (wide.matches()
                        && (wide.group(1) == null
                                || (narrow.group(1) != null
                                        && Integer.parseInt(narrow.group(1)) <= Integer.parseInt(wide.group(1)))));
    }

    private static boolean widerNumeric(String before, String now) {
        Matcher narrow = NUMERIC.matcher(before);
        Matcher wide = NUMERIC.matcher(now);
        return narrow.matches()
                && wide.matches()
                && narrow.group(2).equals(wide.group(2))
                && Integer.parseInt(narrow.group(1)) <= Integer.parseInt(wide.group(1));
    }
}

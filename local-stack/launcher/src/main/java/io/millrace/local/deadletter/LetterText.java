package io.millrace.local.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dead letters for people. */
public final class LetterText {
    private static final int LONGEST = 110;

    private LetterText() {}

    /**
     * Dead letters that are alike.
     *
     * @param table the table, or the source where none is known
     * @param count how many there are
     * @param first when the oldest was first seen
     * @param last when the newest was
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Group(
            String table,
            String code,
            String reason,
            String state,
            @Nullable String outcome,
            long count,
            String first,
            String last,
            String example) {}

    /** Groups dead letters by table, code, reason and state, the largest group first. */
    public static List<Group> groups(List<Letter> letters) {
        Map<List<@Nullable String>, List<Letter>> alike = new LinkedHashMap<>();
        for (Letter letter : letters) {
            List<@Nullable String> key = new ArrayList<>();
            key.add(letter.tableOrSource());
            key.add(letter.code());
            key.add(letter.reason());
            key.add(letter.state());
            key.add(letter.outcome());
            alike.computeIfAbsent(key, k -> new ArrayList<>()).add(letter);
        }
        return alike.values().stream()
                .map(group -> {
                    Letter first = group.get(0);
                    return new Group(
                            first.tableOrSource(),
                            first.code(),
                            first.reason(),
                            first.state(),
                            first.outcome(),
                            group.size(),
                            first.firstSeen(),
                            group.get(group.size() - 1).firstSeen(),
                            first.id());
                })
                .sorted(Comparator.comparingLong(Group::count).reversed().thenComparing(Group::table))
                .toList();
    }

    /** A line for each group. */
    public static List<String> summary(List<Group> groups) {
        if (groups.isEmpty()) {
            return List.of("No dead letters.");
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                "%7s  %-20s %-32s %-20s %-20s %s".formatted("COUNT", "STATE", "TABLE", "CODE", "LAST SEEN", "REASON"));
        for (Group group : groups) {
            lines.add("%,7d  %-20s %-32s %-20s %-20s %s"
                    .formatted(
                            group.count(),
                            state(group.state(), group.outcome()),
                            group.table(),
                            group.code(),
                            seconds(group.last()),
                            shortened(group.reason())));
        }
        return lines;
    }

    /** A line for each dead letter. */
    public static List<String> list(List<Letter> letters) {
        if (letters.isEmpty()) {
            return List.of("No dead letters.");
        }
        List<String> lines = new ArrayList<>();
        lines.add("%-20s %-20s %-20s %-32s %-24s %s".formatted("FIRST SEEN", "STATE", "CODE", "TABLE", "KEY", "ID"));
        for (Letter letter : letters) {
            lines.add("%-20s %-20s %-20s %-32s %-24s %s"
                    .formatted(
                            seconds(letter.firstSeen()),
                            state(letter.state(), letter.outcome()),
                            letter.code(),
                            letter.tableOrSource(),
                            letter.rowKey() == null ? "-" : shortened(letter.rowKey()),
                            letter.id()));
        }
        return lines;
    }

    /** All that is known of one, and what one can do. */
    public static List<String> show(Letter letter, boolean hasRecord) {
        List<String> lines = new ArrayList<>();
        line(lines, "id", letter.id());
        line(lines, "state", state(letter.state(), letter.outcome()));
        line(lines, "code", letter.code());
        line(lines, "reason", letter.reason());
        line(lines, "source", letter.source());
        line(lines, "table", letter.sourceTable());
        line(lines, "key", letter.rowKey());
        line(
                lines,
                "position",
                letter.positionTransaction() == null
                        ? null
                        : letter.positionTransaction() + ", " + letter.positionOffset());
        line(lines, "event time", letter.eventTime());
        line(lines, "watermark", letter.watermark());
        line(lines, "first seen", letter.firstSeen());
        line(lines, "stream", letter.stream() == null || letter.stream().isEmpty() ? null : letter.stream());
        line(lines, "shard", letter.shard() == null || letter.shard().isEmpty() ? null : letter.shard());
        line(lines, "sequence", letter.sequenceNumber());
        line(lines, "attempts", Integer.toString(letter.attempt()));
        line(lines, "reviewed by", letter.reviewedBy());
        line(lines, "reviewed at", letter.reviewedAt());
        line(lines, "note", letter.note());
        line(lines, "record", hasRecord ? "kept, sealed" : "not kept");
        return lines;
    }

    private static void line(List<String> lines, String name, @Nullable String value) {
        if (value != null) {
            lines.add("%-12s %s".formatted(name, value));
        }
    }

    private static String state(String state, @Nullable String outcome) {
        return outcome == null ? state : state + ", " + outcome;
    }

    private static String seconds(String time) {
        int dot = time.indexOf('.');
        return dot < 0 ? time : time.substring(0, dot) + "Z";
    }

    private static String shortened(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "…" : text;
    }
}

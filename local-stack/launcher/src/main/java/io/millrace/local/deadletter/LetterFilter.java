package io.millrace.local.deadletter;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant: those that fulfil every condition {@code name=value}.
 *
 * <p>Names: {@code state}, {@code code}, {@code table} (as the pipeline file or the database names it), {@code source},
 * {@code reason} (a part of it), {@code outcome}, {@code key}, {@code since} and {@code until} (a time, or a duration back
 * from now such as 2h).
 */
public final class LetterFilter implements Predicate<Letter> {
    private static final Set<String> NAMES =
            Set.of("state", "code", "table", "source", "reason", "outcome", "key", "since", "until");
    private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

    private final List<Predicate<Letter>> conditions = new ArrayList<>();
    private final Map<String, String> written = new TreeMap<>();

    /** All dead letters. */
    public LetterFilter() {}

    /**
     * Reads conditions.
     *
     * @param now what durations are counted back from
     * @throws IllegalArgumentException with what is wrong, and what would be right
     */
    public static LetterFilter parse(List<String> texts, Instant now) {
        LetterFilter filter = new LetterFilter();
        for (String text : texts) {
            for (String condition : text.split(",")) {
                int equals = condition.indexOf('=');
                String name =
                        equals < 0 ? condition : condition.substring(0, equals).strip();
                if (equals < 0 || !NAMES.contains(name)) {
                    throw new IllegalArgumentException(
                            "Cannot filter by: " + condition + ". Give NAME=VALUE, with one of "
                                    + String.join(", ", NAMES.stream().sorted().toList()));
                }
                filter.add(name, condition.substring(equals + 1).strip(), now);
            }
        }
        return filter;
    }

    private void add(String name, String value, Instant now) {
        written.put(name, value);
        conditions.add(
                switch (name) {
                    case "state" -> letter -> letter.state().equalsIgnoreCase(value);
                    case "code" ->
                        letter -> letter.code()
                                .equalsIgnoreCase(value.replace('-', '_').toUpperCase(Locale.ROOT));
                    case "table" -> letter -> isNamed(letter.sourceTable(), value);
                    case "source" -> letter -> letter.source().equals(value);
                    case "reason" -> letter -> letter.reason().contains(value);
                    case "outcome" -> letter -> value.equals(letter.outcome());
                    case "key" -> letter -> value.equals(letter.rowKey());
                    case "since" -> {
                        Instant since = time(value, now);
                        yield letter -> !Instant.parse(letter.firstSeen()).isBefore(since);
                    }
                    default -> {
                        Instant until = time(value, now);
                        yield letter -> Instant.parse(letter.firstSeen()).isBefore(until);
                    }
                });
    }

    /** The same for states of this name only, unless a state is asked for. */
    public LetterFilter inState(String state) {
        if (!written.containsKey("state")) {
            add("state", state, Instant.EPOCH);
        }
        return this;
    }

    private static boolean isNamed(@Nullable String table, String name) {
        return table != null && (table.equals(name) || table.endsWith("." + name));
    }

    private static Instant time(String text, Instant now) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long number = Long.parseLong(ago.group(1));
            return now.minus(
                    switch (ago.group(2)) {
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    });
        }
        try {
            return Instant.parse(text.contains("T") ? text : text + "T00:00:00Z");
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("Cannot read time: " + text
                    + ". Give one such as 2024-02-29, 2024-02-29T13:05:00Z, or 2h for two hours ago");
        }
    }

    @Override
    public boolean test(Letter letter) {
        return conditions.stream().allMatch(condition -> condition.test(letter));
    }
}

package io.millrace.capture.mariadb;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Global transaction ids: of each domain the number of the last transaction.
 *
 * @param last domain to number
 */
record Gtids(Map<Long, Long> last) {
    private static final Pattern GTID = Pattern.compile("(\\d+)-\\d+-(\\d+)");

    Gtids {
        last = Map.copyOf(last);
    }

    /** Reads {@code 0-1-17,2-5-3}; of several of one domain, which Debezium keeps by server, the highest is the last. */
    static Gtids of(@Nullable String text) {
        Map<Long, Long> last = new TreeMap<>();
        Matcher matcher = GTID.matcher(text == null ? "" : text);
        while (matcher.find()) {
            last.merge(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), Math::max);
        }
        return new Gtids(last);
    }

    boolean isEmpty() {
        return last.isEmpty();
    }

    /** Whether these hold all that those hold. */
    boolean cover(Gtids those) {
        return those.last.entrySet().stream()
                .allMatch(entry -> last.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
    }
}

package io.millrace.stream.volume;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up parts of minutes, so that only sums travel. */
public final class OpenMinutes {
    private final Map<Minute, MinuteCounts> sums = new HashMap<>();
    private long earliestEnd = Long.MAX_VALUE;

    private record Minute(String table, long millis) {}

    /** Adds a part. */
    public void add(MinuteCounts part) {
        sums.merge(new Minute(part.table(), part.minuteMillis()), part, MinuteCounts::plus);
        earliestEnd = Math.min(earliestEnd, part.minuteMillis() + MinuteCounts.MINUTE_MILLIS);
    }

    /** How many minutes of tables there are. */
    public int size() {
        return sums.size();
    }

    /** Whether some of them are over when time has come this far. */
    public boolean anyOver(long millis) {
        return earliestEnd <= millis;
    }

    /** Gives all sums away. */
    public List<MinuteCounts> drain() {
        List<MinuteCounts> all = List.copyOf(sums.values());
        sums.clear();
        earliestEnd = Long.MAX_VALUE;
        return all;
    }
}

package io.millrace.stream.volume;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is remembered of a table's minutes.
 *
 * @param table the source table's full name
 * @param firstMillis the first minute that was seen
 * @param nextMillis the first minute that has not been judged
 * @param standing what the last one that was judged was
 * @param counts the changes of minutes, judged or not, as far back as they are averaged; none for minutes without changes
 */
public record VolumeHistory(
        String table, long firstMillis, long nextMillis, Volume standing, SortedMap<Long, Long> counts) {

    public VolumeHistory {
        counts = new TreeMap<>(counts);
    }

    /** A table that is seen for the first time. */
    static VolumeHistory beginning(String table, long minuteMillis) {
        return new VolumeHistory(table, minuteMillis, minuteMillis, Volume.USUAL, new TreeMap<>(Map.of()));
    }
}

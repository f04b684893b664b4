package io.millrace.local.demo.freshness;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Measurements of one target, by table and in total. Thread-safe.
 *
 * <p>Versions from before {@link #measureFrom} were there before anybody could capture them; they count as seen, their
 * age says nothing.
 */
public final class Freshness {
    private static final int DIGITS = 3;

    private final Map<String, Table> tables = new TreeMap<>();
    private final Histogram total = new Histogram(DIGITS);
    private Histogram recent = new Histogram(DIGITS);
    private @Nullable Instant measureFrom;

    /** What is known of one table. */
    private static final class Table {
        private final Histogram ages = new Histogram(DIGITS);
        private long versions;
        private Instant newest = Instant.MIN;
    }

    /** From now on ages are measured, of versions that are younger than this. */
    public synchronized void measureFrom(Instant start) {
        measureFrom = start;
    }

    synchronized void seen(String table, Instant updatedAt, Instant now) {
        Table known = tables.computeIfAbsent(table, name -> new Table());
        known.versions++;
        if (updatedAt.isAfter(known.newest)) {
            known.newest = updatedAt;
        }
        if (measureFrom != null && !updatedAt.isBefore(measureFrom)) {
            long millis = Math.max(0, now.toEpochMilli() - updatedAt.toEpochMilli());
            known.ages.recordValue(millis);
            total.recordValue(millis);
            recent.recordValue(millis);
        }
    }

    /** Row versions seen in a table, with those that were there before. */
    public synchronized long versions(String table) {
        Table known = tables.get(table);
        return known == null ? 0 : known.versions;
    }

    /** Row versions seen in all tables. */
    public synchronized long versions() {
        return tables.values().stream().mapToLong(table -> table.versions).sum();
    }

    /** The greatest {@code updated_at} seen in a table; long ago if there was none. */
    public synchronized Instant newest(String table) {
        Table known = tables.get(table);
        return known == null ? Instant.MIN : known.newest;
    }

    /** All measurements of a table. */
    public synchronized Percentiles of(String table) {
        Table known = tables.get(table);
        return Percentiles.of(known == null ? new Histogram(DIGITS) : known.ages);
    }

    /** All measurements. */
    public synchronized Percentiles total() {
        return Percentiles.of(total);
    }

    /** The measurements since this was asked last. */
    public synchronized Percentiles recent() {
        Percentiles percentiles = Percentiles.of(recent);
        recent = new Histogram(DIGITS);
        return percentiles;
    }
}

package io.millrace.stream.volume;

import io.millrace.schemas.pipeline.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Judges the minutes of one table by its rule, each when time has passed its end.
 *
 * <p>A minute without changes is judged as all others: nothing needs to come for it. A minute is judged once; what late changes
 * add to it afterwards counts in the averages of later ones. Nothing is said before a whole window of minutes is known.
 *
 * <pre>
 *            too few                      too many
 *  TOO_FEW ◄───────── USUAL ─────────► TOO_MANY       a breach is told when it begins, not for each of its minutes
 *      └──────────────► ▲ ◄───────────────┘
 * </pre>
 */
public final class VolumeWatch {
    private final Rule.Volume rule;
    private final String table;
    private final long windowMinutes;
    private final TreeMap<Long, Long> counts;
    private final long firstMillis;
    private long nextMillis;
    private Volume standing;
    private long lastChanges;
    private double lastAverage;

    /**
     * The begin of a breach.
     *
     * @param table the source table's full name
     * @param minuteMillis the minute
     * @param volume what it was
     * @param changes how many changes it had
     * @param average how many a minute had before
     */
    public record Breach(String table, long minuteMillis, Volume volume, long changes, double average) {}

    /** Goes on where a history ends. */
    public VolumeWatch(Rule.Volume rule, VolumeHistory history) {
        this.rule = rule;
        this.table = history.table();
        this.windowMinutes = rule.window().toMinutes();
        this.counts = new TreeMap<>(history.counts());
        this.firstMillis = history.firstMillis();
        this.nextMillis = history.nextMillis();
        this.standing = history.standing();
    }

    /** Begins with a table's first minute. */
    public VolumeWatch(Rule.Volume rule, String table, long minuteMillis) {
        this(rule, VolumeHistory.beginning(table, minuteMillis));
    }

    /** Takes a minute's changes, in place of what was known of it. */
    public void take(long minuteMillis, long changes) {
        if (minuteMillis >= nextMillis - windowMinutes * MinuteCounts.MINUTE_MILLIS) {
            counts.put(minuteMillis, changes);
        }
    }

    /**
     * Judges the minutes that are over.
     *
     * @param millis how far event time has come
     */
    public List<Breach> advance(long millis) {
        List<Breach> breaches = new ArrayList<>();
        long window = windowMinutes * MinuteCounts.MINUTE_MILLIS;
        while (nextMillis + MinuteCounts.MINUTE_MILLIS <= millis) {
            if (counts.isEmpty()) {
                // Nothing for a whole window: the average is nought, and all minutes up to the last one are alike.
                standing = Volume.USUAL;
                lastChanges = 0;
                lastAverage = 0;
                nextMillis = MinuteCounts.minuteOf(millis);
                break;
            }
            judge(nextMillis, breaches);
            nextMillis += MinuteCounts.MINUTE_MILLIS;
            counts.headMap(nextMillis - window).clear();
        }
        return breaches;
    }

    private void judge(long minute, List<Breach> breaches) {
        lastChanges = counts.getOrDefault(minute, 0L);
        long sum = counts.headMap(minute).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        lastAverage = (double) sum / windowMinutes;
        Volume volume = compare(minute);
        if (volume != standing && volume != Volume.USUAL) {
            breaches.add(new Breach(table, minute, volume, lastChanges, lastAverage));
        }
        standing = volume;
    }

    private Volume compare(long minute) {
        boolean known = minute - firstMillis >= windowMinutes * MinuteCounts.MINUTE_MILLIS;
        if (!known || lastAverage < rule.atLeast() || lastAverage == 0) {
            return Volume.USUAL;
        }
        return lastChanges < rule.tooFew() * lastAverage
                ? Volume.TOO_FEW
                : lastChanges > rule.tooMany() * lastAverage ? Volume.TOO_MANY : Volume.USUAL;
    }

    /** What is to be remembered. */
    public VolumeHistory history() {
        return new VolumeHistory(table, firstMillis, nextMillis, standing, counts);
    }

    /** How far minutes have been judged. */
    public long judgedToMillis() {
        return nextMillis;
    }

    /** What the last minute that was judged was. */
    public Volume standing() {
        return standing;
    }

    /** The changes of the last minute that was judged. */
    public long lastChanges() {
        return lastChanges;
    }

    /** What minutes had on average before it. */
    public long lastAverage() {
        return Math.round(lastAverage);
    }
}

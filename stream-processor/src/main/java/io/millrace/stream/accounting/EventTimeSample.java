package io.millrace.stream.accounting;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Picks some of many event times, each with the same chance, and the earliest in any case. Not safe for use by several threads. */
public final class EventTimeSample {
    private static final int MOST = 64;

    /** Seeded, as any seed will do: what is picked need not be a secret. */
    private final SplittableRandom random = new SplittableRandom(1);

    private final long[] picked = new long[MOST];
    private long earliest = Long.MAX_VALUE;
    private long seen;

    /** Takes one into account. */
    public void offer(long eventMillis) {
        earliest = Math.min(earliest, eventMillis);
        if (seen < MOST) {
            picked[(int) seen] = eventMillis;
        } else {
            // Vitter's algorithm R.
            long place = random.nextLong(seen + 1);
            if (place < MOST) {
                picked[(int) place] = eventMillis;
            }
        }
        seen++;
    }

    /** What was picked since the last time; the earliest comes first. Empty if there was nothing. */
    public List<Long> drain() {
        List<Long> times = new ArrayList<>();
        if (seen > 0) {
            times.add(earliest);
            boolean left = true;
            for (int i = 0; i < Math.min(seen, MOST); i++) {
                if (left && picked[i] == earliest) {
                    left = false;
                } else {
                    times.add(picked[i]);
                }
            }
        }
        earliest = Long.MAX_VALUE;
        seen = 0;
        return times;
    }
}

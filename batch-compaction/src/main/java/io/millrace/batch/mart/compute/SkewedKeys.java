package io.millrace.batch.mart.compute;

import java.util.LinkedHashMap;
import java.util.Map;

/** Decides, from a sample, which keys of a join have so many rows that one task should not do all of them. */
public final class SkewedKeys {
    /** More would cost more on the other side than they save. */
    static final int MOST_KEYS = 1_000;

    private SkewedKeys() {}

    /**
     * The skewed keys, each with the number of parts that its rows are spread over.
     *
     * <p>A key is skewed if it has more rows than a task's fair share. It is spread over so many parts that each has about half
     * a share, but never more than there are tasks.
     *
     * @param sampledRows the rows of each key in the sample, the most frequent first
     * @param sampleSize the rows of all keys in the sample
     * @param tasks how many tasks do the join
     */
    public static <K> Map<K, Integer> of(Map<K, Long> sampledRows, long sampleSize, int tasks) {
        Map<K, Integer> skewed = new LinkedHashMap<>();
        sampledRows.forEach((key, rows) -> {
            double shares = (double) rows * tasks / Math.max(1, sampleSize);
            if (shares > 1 && skewed.size() < MOST_KEYS) {
                skewed.put(key, (int) Math.min(tasks, Math.ceil(2 * shares)));
            }
        });
        return skewed;
    }
}

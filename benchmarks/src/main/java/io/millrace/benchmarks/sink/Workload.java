package io.millrace.benchmarks.sink;

import java.util.Locale;

/** Which rows the upserts hit. A function of the upsert's number alone, so that every contender gets the same. */
public enum Workload {
    /** Every row is as likely as any other. */
    UNIFORM {
        @Override
        long key(long upsert, long keys) {
            return below(keys, mix(upsert));
        }
    },
    /** 80 of 100 upserts hit the newest 2 of 100 rows; the others any row. */
    RECENT {
        @Override
        long key(long upsert, long keys) {
            long random = mix(upsert);
            long newest = Math.max(1, keys / 50);
            return below(100, random) < 80 ? keys - 1 - below(newest, mix(random)) : below(keys, mix(random));
        }
    };

    abstract long key(long upsert, long keys);

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static long below(long bound, long random) {
        return Long.remainderUnsigned(random, bound);
    }

    /** SplitMix64's finalizer: neighbouring numbers become unrelated ones. */
    static long mix(long number) {
        long z = number + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

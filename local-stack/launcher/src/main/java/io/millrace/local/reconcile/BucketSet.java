package io.millrace.local.reconcile;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Some buckets of a table.
 *
 * @param buckets the division
 * @param chosen the numbers of those that are meant
 */
record BucketSet(Buckets buckets, BitSet chosen) {
    /** The whole table. */
    static final BucketSet ALL = all(new Buckets(0));

    private static BucketSet all(Buckets buckets) {
        BitSet every = new BitSet();
        every.set(0, buckets.count());
        return new BucketSet(buckets, every);
    }

    boolean isAll() {
        return chosen.cardinality() == buckets.count();
    }

    boolean isEmpty() {
        return chosen.isEmpty();
    }

    boolean has(int bucket) {
        return chosen.get(bucket);
    }

    /** The numbers of the buckets, ascending. */
    IntStream numbers() {
        return chosen.stream();
    }
}

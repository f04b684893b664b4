package io.millrace.local.reconcile;

import java.util.BitSet;

/**
 * For each bucket how many rows it has, and the exclusive or of their digests. Not thread-safe.
 *
 * <p>The order of rows does not matter, so that every side computes it in its own; what two rows would cancel out is seen in
 * the number of rows. Two different sets of as many rows have the same checksum with a probability of 2⁻¹²², as long as
 * nobody makes rows for that purpose.
 */
final class BucketChecksums {
    private static final int LONGS = 3;

    private final Buckets buckets;
    private final long[] sums;

    BucketChecksums(Buckets buckets) {
        this.buckets = buckets;
        this.sums = new long[LONGS * buckets.count()];
    }

    /** The checksums of a view that cannot compute them where its rows are: all of these come here. */
    static BucketChecksums ofRows(TableView view, ComparedTable table, Buckets buckets) {
        BucketChecksums sums = new BucketChecksums(buckets);
        view.scan(BucketSet.ALL, row -> sums.add(table.keyDigest(row), table.digest(row)));
        return sums;
    }

    /** Adds a row. */
    void add(RowDigest key, RowDigest row) {
        add(buckets.of(key), 1, row.high(), row.low());
    }

    /** Adds rows of a bucket: their number, and both halves of their digests' exclusive or. */
    void add(int bucket, long rows, long high, long low) {
        int at = LONGS * bucket;
        sums[at] += rows;
        sums[at + 1] ^= RowDigest.HIGH_BITS & high;
        sums[at + 2] ^= RowDigest.LOW_BITS & low;
    }

    void add(BucketChecksums more) {
        for (int bucket = 0; bucket < buckets.count(); bucket++) {
            int at = LONGS * bucket;
            add(bucket, more.sums[at], more.sums[at + 1], more.sums[at + 2]);
        }
    }

    /** The number of rows in all buckets. */
    long rows() {
        long rows = 0;
        for (int at = 0; at < sums.length; at += LONGS) {
            rows += sums[at];
        }
        return rows;
    }

    /** The buckets in which these and those differ. */
    BucketSet differing(BucketChecksums that) {
        BitSet differing = new BitSet();
        for (int at = 0; at < sums.length; at++) {
            if (sums[at] != that.sums[at]) {
                differing.set(at / LONGS);
            }
        }
        return new BucketSet(buckets, differing);
    }
}

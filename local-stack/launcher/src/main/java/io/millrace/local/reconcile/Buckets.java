package io.millrace.local.reconcile;

/**
 * A division of a table's rows by the first bits of their key's digest.
 *
 * <p>Hash buckets, and not ranges of keys: every side agrees on them whatever the key's type and collation, they are even
 * however skewed the keys are, and an index of documents knows no order of keys.
 *
 * @param bits how many bits of the digest number a bucket, from 0 to {@value #MAX_BITS}
 */
record Buckets(int bits) {
    static final int MAX_BITS = 16;

    /** One bucket that differs is read row by row: few rows, against few bytes of checksums. */
    private static final int ROWS_OF_A_BUCKET = 256;

    /** A division that suits about so many rows. */
    static Buckets forRows(long rows) {
        int bits = 0;
        while (bits < MAX_BITS && (rows >> bits) > ROWS_OF_A_BUCKET) {
            bits++;
        }
        return new Buckets(bits);
    }

    int count() {
        return 1 << bits;
    }

    /** The bucket of a row. */
    int of(RowDigest key) {
        return (int) (key.high() >>> (Long.SIZE - MAX_BITS)) >> (MAX_BITS - bits);
    }
}

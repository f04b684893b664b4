package io.millrace.iceberg.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with 128 bits of result (Aumasson and Bernstein, <i>SipHash: a fast short-input PRF</i>): without its key
 * nobody can find two texts of the same hash, not even those who choose the texts. Not safe for use by several threads.
 */
final class SipHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long low;
    private long high;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Hashes the first bytes; the result is in {@link #low} and {@link #high}. */
    void hash(byte[] text, int length) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        int words = length & ~7;
        for (int i = 0; i < words; i += 8) {
            take((long) LONGS.get(text, i));
        }
        long last = (long) length << 56;
        for (int i = words; i < length; i++) {
            last |= (text[i] & 0xFFL) << 8 * (i - words);
        }
        take(last);
        v2 ^= 0xee;
        low = finish();
        v1 ^= 0xdd;
        high = finish();
    }

    long low() {
        return low;
    }

    long high() {
        return high;
    }

    private void take(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private long finish() {
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}

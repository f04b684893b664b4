package io.millrace.benchmarks.compaction;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The source: rows that a table begins with, some of them deleted, and the changes that follow. Everything is a function of
 * the row's or the change's number, so that what must be in the table can be told at any time.
 *
 * <p>Days are partitions. Changes only touch the newest day: of ten changes seven update a row, two insert one, one deletes
 * one.
 *
 * @param rows the rows to begin with
 * @param days over how many partitions they are spread, in the order of their ids
 * @param deleted how many of the rows are deleted from the start
 * @param payload bytes of a row that cannot be compressed
 */
record ParcelHistory(long rows, int days, long deleted, int payload) implements Serializable {
    static final long GONE = -1;

    int day(long id) {
        return id >= rows ? days - 1 : (int) (id * days / rows);
    }

    boolean isDeletedFromTheStart(long id) {
        // Spread evenly: the k-th deleted row is at k * rows / deleted.
        return id < rows && id * deleted / rows != (id + 1) * deleted / rows;
    }

    /** The row that a change is about. */
    long id(long change) {
        if (change % 10 < 2) {
            return rows + change;
        }
        long first = (rows * (days - 1) + days - 1) / days;
        return first + Math.floorMod(mix(change), rows - first);
    }

    boolean isDelete(long change) {
        return change % 10 == 9;
    }

    /** The version that a change gives its row; rows begin with version 0. */
    static long version(long change) {
        return change + 1;
    }

    ByteBuffer payload(long id, long version) {
        ByteBuffer bytes = ByteBuffer.allocate(payload);
        long state = mix(id * 31 + version);
        while (bytes.remaining() >= Long.BYTES) {
            state = mix(state);
            bytes.putLong(state);
        }
        return bytes.clear();
    }

    /** The versions of all rows that changes have touched, {@link #GONE} for those that are deleted. */
    Map<Long, Long> after(long changes) {
        Map<Long, Long> versions = new HashMap<>();
        for (long change = 0; change < changes; change++) {
            versions.put(id(change), isDelete(change) ? GONE : version(change));
        }
        return versions;
    }

    /** SplitMix64's finalizer. */
    private static long mix(long value) {
        long mixed = value + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}

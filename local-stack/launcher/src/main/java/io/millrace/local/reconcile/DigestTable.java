package io.millrace.local.reconcile;

import java.util.Arrays;
import java.util.BitSet;

/** A map from the digests of keys to the digests of rows: 32 bytes a slot, at most two thirds of them in use. */
final class DigestTable {
    /** High and low half of the key's digest, then of the row's. */
    private static final int LONGS = 4;

    private long[] slots = new long[LONGS * 1024];
    private BitSet used = new BitSet();
    private int size;

    int size() {
        return size;
    }

    /** One more than the greatest number of a slot. */
    int slots() {
        return slots.length / LONGS;
    }

    /** Adds a key; false if it is there already. */
    boolean add(RowDigest key, RowDigest row) {
        if (3L * size >= 2L * slots()) {
            grow();
        }
        int slot = slotOf(key);
        if (used.get(slot)) {
            return false;
        }
        used.set(slot);
        int at = slot * LONGS;
        slots[at] = key.high();
        slots[at + 1] = key.low();
        slots[at + 2] = row.high();
        slots[at + 3] = row.low();
        size++;
        return true;
    }

    /** The slot of a key, or -1 if it is not there. Slots do not move while nothing is added. */
    int find(RowDigest key) {
        int slot = slotOf(key);
        return used.get(slot) ? slot : -1;
    }

    boolean holds(int slot, RowDigest row) {
        return slots[slot * LONGS + 2] == row.high() && slots[slot * LONGS + 3] == row.low();
    }

    private int slotOf(RowDigest key) {
        int mask = slots() - 1;
        int slot = (int) key.low() & mask;
        while (used.get(slot) && (slots[slot * LONGS] != key.high() || slots[slot * LONGS + 1] != key.low())) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        BitSet wasUsed = used;
        slots = new long[old.length * 2];
        used = new BitSet();
        wasUsed.stream().forEach(slot -> {
            long[] entry = Arrays.copyOfRange(old, slot * LONGS, (slot + 1) * LONGS);
            int to = slotOf(new RowDigest(entry[0], entry[1]));
            used.set(to);
            System.arraycopy(entry, 0, slots, to * LONGS, LONGS);
        });
    }
}

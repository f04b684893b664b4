package io.millrace.iceberg.index;

import org.jspecify.annotations.Nullable;

/**
 * Locations under 128-bit hashes, in one array of bounded size and without an object per entry. Grows while it fills up;
 * then, of the few entries that a new one might replace, the one goes that was written longest ago.
 */
final class LocationCache {
    private static final int WAYS = 4;
    private static final int LONGS = 4;
    private static final int SET = WAYS * LONGS;
    private static final int FIRST_SETS = 256;

    private final int mostSets;
    private long[] table;
    private int sets;
    private int entries;

    /**
     * Starts empty and small.
     *
     * @param mostBytes the most that the array may take; below 32 KB nothing is kept
     */
    LocationCache(long mostBytes) {
        long most = Math.min(mostBytes / Long.BYTES / SET, Integer.MAX_VALUE / SET);
        this.mostSets = most < FIRST_SETS ? 0 : (int) Long.highestOneBit(most);
        this.sets = Math.min(FIRST_SETS, mostSets);
        this.table = new long[sets * SET];
    }

    @Nullable
    RowLocation get(long high, long low) {
        int entry = find(high, low);
        return entry < 0 ? null : new RowLocation(table[entry + 2], table[entry + 3]);
    }

    void put(long high, long low, RowLocation location) {
        if (mostSets == 0 || (high == 0 && low == 0)) {
            return;
        }
        int entry = find(high, low);
        if (entry < 0 && entries > sets * WAYS / 2 && sets < mostSets) {
            grow();
        }
        put(high, low, location.file(), location.position(), entry);
    }

    void remove(long high, long low) {
        int entry = find(high, low);
        if (entry >= 0) {
            int end = set(low) + SET;
            System.arraycopy(table, entry + LONGS, table, entry, end - entry - LONGS);
            clear(end - LONGS);
            entries--;
        }
    }

    /** The first of a set is what was written last. An empty place has the hash zero, and all behind it are empty. */
    private void put(long high, long low, long file, long position, int known) {
        int set = set(low);
        int last = known < 0 ? set + SET - LONGS : known;
        if (known < 0 && table[last] == 0 && table[last + 1] == 0) {
            entries++;
        }
        System.arraycopy(table, set, table, set + LONGS, last - set);
        table[set] = high;
        table[set + 1] = low;
        table[set + 2] = file;
        table[set + 3] = position;
    }

    private int find(long high, long low) {
        if (mostSets == 0 || (high == 0 && low == 0)) {
            return -1;
        }
        int set = set(low);
        for (int entry = set; entry < set + SET; entry += LONGS) {
            if (table[entry] == high && table[entry + 1] == low) {
                return entry;
            }
        }
        return -1;
    }

    private int set(long low) {
        return (int) (low & (sets - 1)) * SET;
    }

    private void clear(int entry) {
        for (int i = 0; i < LONGS; i++) {
            table[entry + i] = 0;
        }
    }

    private void grow() {
        long[] before = table;
        sets *= 2;
        table = new long[sets * SET];
        entries = 0;
        for (int set = 0; set < before.length; set += SET) {
            // The oldest first, so that the order in a set stays.
            for (int entry = set + SET - LONGS; entry >= set; entry -= LONGS) {
                if (before[entry] != 0 || before[entry + 1] != 0) {
                    put(before[entry], before[entry + 1], before[entry + 2], before[entry + 3], -1);
                }
            }
        }
    }
}

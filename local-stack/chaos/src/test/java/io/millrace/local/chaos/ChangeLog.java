package io.millrace.local.chaos;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The endless history of one table, known by its seed: change number <i>n</i> concerns one row. Beside it every change moves
 * the table's clock, a row whose {@code changed} is the number of the newest change: whoever reads a snapshot knows from the
 * clock which changes it must hold, and has them from here.
 */
record ChangeLog(long seed, int table, int keys) implements Serializable {
    /** The key of the clock. */
    static final long CLOCK = -1;

    static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "region", Types.StringType.get()),
            Types.NestedField.optional(3, "changed", Types.LongType.get()),
            Types.NestedField.optional(4, "note", Types.StringType.get()));

    private static final List<String> REGIONS = Arrays.asList("eu", "us", "asia", null);

    /** The row that a change concerns. */
    long key(long number) {
        // Every other change hits one of few rows, so that rows change often, and within one checkpoint.
        int choice = (number & 1) == 0 ? keys : Math.max(1, keys / 20);
        return Math.floorMod(mix(number), choice);
    }

    boolean isDelete(long number) {
        return Math.floorMod(mix(number + 77), 5) == 0;
    }

    /** A row's values after a change of it, in the order of the schema. */
    List<@Nullable Object> row(long key, long number) {
        return key == CLOCK
                ? Arrays.asList(CLOCK, null, number, "clock")
                : Arrays.asList(
                        key,
                        REGIONS.get(Math.floorMod(mix(number + 3), REGIONS.size())),
                        number,
                        "n" + mix(number + 5));
    }

    /** Brings a table's rows from one moment to a later one. */
    void play(Map<Long, Long> rows, long after, long through) {
        for (long number = after + 1; number <= through; number++) {
            if (isDelete(number)) {
                rows.remove(key(number));
            } else {
                rows.put(key(number), number);
            }
            rows.put(CLOCK, number);
        }
    }

    /** SplitMix64: each number an independent, even spread. */
    private long mix(long number) {
        long z = (seed * 31 + table) * 0x9E3779B97F4A7C15L + number * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

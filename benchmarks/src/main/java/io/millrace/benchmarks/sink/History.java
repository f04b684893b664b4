package io.millrace.benchmarks.sink;

import java.io.Serializable;
import java.util.List;

/**
 * The changes that a table sees: first every row once, then rounds of upserts. A change's number decides everything about
 * it.
 *
 * @param keys rows of the table
 * @param upserts changes in each round
 */
public record History(Workload workload, long keys, int upserts) implements Serializable {
    static final List<String> STATUSES = List.of("new", "packed", "shipped", "delivered", "returned");
    private static final int CHECK_MODULUS = 1_000_003;

    /** What a reader must find. */
    public record Totals(long rows, long check, long amount) {
        /** The totals of nothing. */
        public static final Totals NONE = new Totals(0, 0, 0);

        /** With one more row. */
        public Totals plus(long id, long version, long amount) {
            return new Totals(rows + 1, check + checkOf(id, version), this.amount + amount);
        }
    }

    /** A row's share of {@link Totals#check}: also an expression that SQL has. */
    public static long checkOf(long id, long version) {
        return id * version % CHECK_MODULUS;
    }

    /** {@link #checkOf} in SQL. */
    public static String checkSql() {
        return "id * version % " + CHECK_MODULUS;
    }

    /** The row that a change is about. */
    long id(long change) {
        return change < keys ? change : workload.key(change - keys, keys);
    }

    /** The changes of the load and of so many rounds. */
    long changes(int rounds) {
        return keys + (long) rounds * upserts;
    }

    static long amount(long change) {
        return Workload.mix(change) >>> 44;
    }

    static long customer(long change) {
        return Long.remainderUnsigned(Workload.mix(~change), 100_000);
    }

    static String status(long change) {
        return STATUSES.get((int) Long.remainderUnsigned(Workload.mix(change), STATUSES.size()));
    }

    static String note(long change) {
        return "left dock " + customer(change + 1) + " on pallet " + customer(change + 2);
    }

    /** What the table holds after the load and so many rounds: of each row the last change. */
    public Totals totals(int rounds) {
        long[] versions = new long[Math.toIntExact(keys)];
        for (long change = 0; change < changes(rounds); change++) {
            versions[(int) id(change)] = change;
        }
        long check = 0;
        long amount = 0;
        for (int id = 0; id < versions.length; id++) {
            check += checkOf(id, versions[id]);
            amount += amount(versions[id]);
        }
        return new Totals(keys, check, amount);
    }
}

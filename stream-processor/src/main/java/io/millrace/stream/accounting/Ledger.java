package io.millrace.stream.accounting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the records that an operator has seen, per source and table.
 *
 * <p>A unit is a change; a record that holds no change, or cannot be read, is one unit as well. Every unit is received once
 * and then entered under exactly one of the others, here or in a later operator:
 * {@code received = applied + superseded + duplicate + dead_lettered + control}. The books of all operators, saved with one
 * checkpoint, fulfil this exactly, as a barrier leaves nothing on the way between them. See
 * docs/decisions/0013-order-lateness-accounting.md. Not safe for use by several threads, except for reading counts.
 */
public final class Ledger {

    /** What a unit is entered under. */
    public enum Entry {
        /** It came in. */
        RECEIVED,
        /** It went on to the targets. */
        APPLIED,
        /** A newer change of its row had been applied. */
        SUPERSEDED,
        /** It had been applied itself. */
        DUPLICATE,
        /** It was refused before any target saw it. */
        DEAD_LETTERED,
        /** It holds no row's change. */
        CONTROL,
        /** Beside the others: it was late, whether or not it was applied. */
        LATE;

        /** The entry's name in metrics and reports. */
        public String metric() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Whose books: a source's table, or the source alone for records of which no table is known.
     *
     * @param source the pipeline file's name of the source
     * @param table the table as its database names it, such as {@code public.orders}
     */
    public record Account(String source, @Nullable String table) {

        /** The account of a table's full name, which begins with its source's. */
        public static Account of(String table) {
            int dot = table.indexOf('.');
            return dot < 0 ? new Account(table, null) : new Account(table.substring(0, dot), table.substring(dot + 1));
        }
    }

    /** The page of one account. */
    public static final class Page {
        private final long[] units = new long[ENTRIES.length];

        /** Enters a number of units; the result says whether they are the first under this entry. */
        public boolean enter(Entry entry, long count) {
            boolean first = units[entry.ordinal()] == 0;
            units[entry.ordinal()] += count;
            return first;
        }

        /** The units under an entry. */
        public long units(Entry entry) {
            return units[entry.ordinal()];
        }
    }

    private static final Entry[] ENTRIES = Entry.values();

    private final Map<Account, Page> pages = new LinkedHashMap<>();

    /** The page of an account; a new one if it has none. */
    public Page page(Account account) {
        return pages.computeIfAbsent(account, a -> new Page());
    }

    /** Everything that is not zero, to be entered into another ledger later. */
    public List<LedgerLine> lines() {
        List<LedgerLine> lines = new ArrayList<>();
        pages.forEach((account, page) -> {
            for (Entry entry : ENTRIES) {
                if (page.units(entry) != 0) {
                    lines.add(new LedgerLine(account, entry, page.units(entry)));
                }
            }
        });
        return lines;
    }
}

package io.millrace.stream.model;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.accounting.Ledger.Entry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What tables, dead letters and books must hold, by maps and comparisons alone: no state, no codec, no operator. */
public final class PlainModel {
    private static final long WINDOW =
            Deliveries.SEQUENCING.deduplicationWindow().toMillis();

    private final Map<RowKey, Last> last = new HashMap<>();
    private final Map<Integer, Map<ChangeEvent, Long>> applied = new HashMap<>();
    private final Map<RowKey, Row> rows = new HashMap<>();
    private final Map<Integer, DeadLetterCode> letters = new TreeMap<>();
    private final Set<Integer> reports = new TreeSet<>();
    private final Map<Account, Map<Entry, Long>> books = new HashMap<>();

    private record Last(@Nullable SourcePosition position, long millis, boolean deleted, long watermark) {}

    /**
     * Takes a delivery.
     *
     * @param watermark the watermark that stands before it
     */
    public void take(Delivery delivery, long watermark) {
        ChangeEvent change = delivery.change();
        if (change == null) {
            Account source = new Account("shop", null);
            book(source, Entry.RECEIVED);
            if (delivery.kind() == Delivery.Kind.CONTROL) {
                book(source, Entry.CONTROL);
            } else {
                refuse(source, delivery, DeadLetterCode.MALFORMED);
            }
            return;
        }
        Account table = Account.of(change.key().table());
        book(table, Entry.RECEIVED);
        long millis = change.eventTimeMicros() / 1000;
        if (millis > delivery.arrivalMillis() + Deliveries.EVENT_TIME.maxAhead().toMillis()) {
            refuse(table, delivery, DeadLetterCode.FUTURE_TIMESTAMP);
            return;
        }
        if (Deliveries.breaksRule(change)) {
            if (!change.table().equals(Deliveries.AUDIT)) {
                refuse(table, delivery, DeadLetterCode.RULE_BROKEN);
                return;
            }
            reports.add(delivery.number());
        }
        Entry verdict = verdict(change, millis, watermark);
        boolean late = verdict == Entry.APPLIED
                && change.operation() != Operation.SNAPSHOT
                && watermark != Long.MIN_VALUE
                && millis < watermark - Deliveries.ALLOWED.toMillis();
        if (late) {
            book(table, Entry.LATE);
            if (!change.table().equals(Deliveries.AUDIT)) {
                refuse(table, delivery, DeadLetterCode.LATE);
                return;
            }
        }
        book(table, verdict);
        if (verdict == Entry.APPLIED) {
            apply(change, millis, watermark);
        }
    }

    private Entry verdict(ChangeEvent change, long millis, long watermark) {
        Last before = last.get(change.key());
        if (before != null && before.deleted && watermark > Math.max(before.millis, before.watermark) + days(2.5)) {
            before = null;
        }
        SourcePosition position = change.position();
        if (position == null) {
            Long since = applied.getOrDefault(change.hashCode(), Map.of()).get(change);
            if (since != null && watermark < since + WINDOW) {
                return Entry.DUPLICATE;
            }
            return before != null && millis < before.millis ? Entry.SUPERSEDED : Entry.APPLIED;
        }
        int order = before == null || before.position == null ? 1 : position.compareTo(before.position);
        return order > 0 ? Entry.APPLIED : order == 0 ? Entry.DUPLICATE : Entry.SUPERSEDED;
    }

    private void apply(ChangeEvent change, long millis, long watermark) {
        last.put(change.key(), new Last(change.position(), millis, change.after() == null, watermark));
        if (change.position() == null) {
            applied.computeIfAbsent(change.hashCode(), h -> new HashMap<>()).put(change, Math.max(millis, watermark));
        }
        if (change.after() == null) {
            rows.remove(change.key());
        } else {
            rows.put(change.key(), change.after());
        }
    }

    /** Whether it depends on how timers are rounded if this change is still recognised. */
    boolean isOnTheEdge(Delivery delivery, long watermark) {
        ChangeEvent change = delivery.change();
        if (change == null || change.position() != null) {
            return false;
        }
        Long since = applied.getOrDefault(change.hashCode(), Map.of()).get(change);
        return since != null && watermark >= since + WINDOW && watermark < since + WINDOW + 2 * Deliveries.MINUTE;
    }

    private void refuse(Account account, Delivery delivery, DeadLetterCode code) {
        book(account, Entry.DEAD_LETTERED);
        letters.put(delivery.number(), code);
    }

    private void book(Account account, Entry entry) {
        books.computeIfAbsent(account, a -> new TreeMap<>()).merge(entry, 1L, Long::sum);
    }

    private static long days(double days) {
        return (long) (Duration.ofDays(1).toMillis() * days);
    }

    public Map<RowKey, Row> rows() {
        return rows;
    }

    /** The refused deliveries by their numbers. */
    public Map<Integer, DeadLetterCode> letters() {
        return letters;
    }

    /** The numbers of the deliveries that were reported. */
    public Set<Integer> reports() {
        return reports;
    }

    public Map<Account, Map<Entry, Long>> books() {
        return books;
    }
}

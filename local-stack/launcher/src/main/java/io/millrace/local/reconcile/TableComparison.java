package io.millrace.local.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Compares a target with its source in two steps: a scan of both that finds suspects in little memory, then looks at the
 * suspects alone until they are equal or time is over.
 *
 * <pre>
 * source ── scan ──→ digests ─┐
 *                             ├─→ suspects ── look again ──→ differences
 * target ── scan ─────────────┘        ↑______________│ until settled
 * </pre>
 */
final class TableComparison {
    /** Suspects that are kept and looked at again. */
    static final int MAX_SUSPECTS = 10_000;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ComparedTable table;
    private final RowsOfTable source;
    private final Duration settle;
    private final Waiting waiting;

    /** Time, as far as a comparison needs it. */
    interface Waiting {
        /** Nanoseconds since some moment. */
        long nanos();

        /** Lets some time go by. */
        void pause(Duration duration);
    }

    /**
     * @param settle how long suspects are looked at again before they count as different
     */
    TableComparison(ComparedTable table, RowsOfTable source, Duration settle, Waiting waiting) {
        this.table = table;
        this.source = source;
        this.settle = settle;
        this.waiting = waiting;
    }

    /** Compares one target. */
    TargetResult compare(String target, String name, RowsOfTable rows) {
        long deadline = waiting.nanos() + settle.toNanos();
        Scan scan = new Scan(rows);
        while (scan.unchecked > 0 && waiting.nanos() < deadline) {
            waiting.pause(PAUSE);
            scan = new Scan(rows);
        }
        Map<String, Suspect> suspects = scan.suspects;
        int suspectsAtFirst = suspects.size();
        List<Difference> differences = lookAgain(suspects, rows);
        while (!suspects.isEmpty() && waiting.nanos() < deadline) {
            waiting.pause(PAUSE);
            differences = lookAgain(suspects, rows);
        }
        boolean moved = suspectsAtFirst > 0;
        return new TargetResult(
                target,
                name,
                moved ? count(source) : scan.sourceRows,
                moved ? count(rows) : scan.targetRows,
                differences,
                scan.unchecked);
    }

    /** Numbers of rows are told as they are in the end: what was under way has arrived meanwhile. */
    private static long count(RowsOfTable side) {
        AtomicLong rows = new AtomicLong();
        side.scan(row -> rows.incrementAndGet());
        return rows.get();
    }

    /** Looks at each suspect once and forgets those that are settled. */
    private List<Difference> lookAgain(Map<String, Suspect> suspects, RowsOfTable target) {
        if (suspects.isEmpty()) {
            return List.of();
        }
        Map<String, List<String>> keysById = new LinkedHashMap<>();
        suspects.forEach((id, suspect) -> keysById.put(id, suspect.key()));
        Map<String, List<ComparedRow>> atSource = source.find(keysById);
        Map<String, List<ComparedRow>> atTarget = target.find(keysById);
        List<Difference> differences = new ArrayList<>();
        suspects.entrySet().removeIf(entry -> {
            List<ComparedRow> rows = atSource.getOrDefault(entry.getKey(), List.of());
            Difference difference = entry.getValue()
                    .lookAgain(
                            rows.isEmpty() ? null : rows.get(0),
                            atTarget.getOrDefault(entry.getKey(), List.of()),
                            table.columns());
            if (difference != null) {
                differences.add(difference);
            }
            return difference == null;
        });
        return differences;
    }

    /** One pass over both sides. */
    private final class Scan {
        private final DigestTable digests = new DigestTable();
        private final Map<String, Suspect> suspects = new LinkedHashMap<>();
        private final BitSet seen = new BitSet();
        private long sourceRows;
        private long targetRows;
        private long unchecked;

        Scan(RowsOfTable target) {
            source.scan(row -> {
                sourceRows++;
                digests.add(RowDigest.of(row.id()), RowDigest.of(row));
            });
            target.scan(this::compareWithSource);
            if (seen.cardinality() < digests.size()) {
                source.scan(this::findUnseen);
            }
        }

        private void compareWithSource(ComparedRow row) {
            targetRows++;
            int slot = digests.find(RowDigest.of(row.id()));
            boolean again = slot >= 0 && seen.get(slot);
            if (slot < 0 || again || !digests.holds(slot, RowDigest.of(row))) {
                suspect(row);
            }
            if (slot >= 0) {
                seen.set(slot);
            }
        }

        private void findUnseen(ComparedRow row) {
            int slot = digests.find(RowDigest.of(row.id()));
            if (slot < 0 || !seen.get(slot)) {
                suspect(row);
            }
        }

        private void suspect(ComparedRow row) {
            if (suspects.size() < MAX_SUSPECTS || suspects.containsKey(row.id())) {
                suspects.putIfAbsent(row.id(), new Suspect(table.key(row.values())));
            } else {
                unchecked++;
            }
        }
    }

    /** The machine's own time. */
    static Waiting machineTime() {
        LongSupplier clock = System::nanoTime;
        return new Waiting() {
            @Override
            public long nanos() {
                return clock.getAsLong();
            }

            @Override
            public void pause(Duration duration) {
                try {
                    Thread.sleep(duration.toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ReconcileProblem("Cannot go on comparing: interrupted", e);
                }
            }
        };
    }
}

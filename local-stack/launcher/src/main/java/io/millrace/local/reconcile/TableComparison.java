package io.millrace.local.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares targets with their source: first checksums of buckets, where the table is large, then the rows of buckets that
 * differ, in little memory; in the end the rows that looked different, alone, until they are equal or time is over.
 *
 * <pre>
 * source ── view ── checksums ──┐             ┌── scan ──┐
 *                               ├─→ buckets ──┤          ├─→ suspects ── look again ──→ differences
 * target ── view ── checksums ──┘             └── scan ──┘        ↑______________│ until settled
 * </pre>
 *
 * <p>See docs/decisions/0022-reconciliation-by-checksums.md.
 */
final class TableComparison {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ComparedTable table;
    private final RowsOfTable source;
    private final Method method;
    private final Duration settle;
    private final Waiting waiting;
    private boolean byChecksums;
    private String moment = "";

    /** Time, as far as a comparison needs it. */
    interface Waiting {
        /** Nanoseconds since some moment. */
        long nanos();

        /** Lets some time go by. */
        void pause(Duration duration);
    }

    /**
     * What is compared with the source.
     *
     * @param kind {@code iceberg} or {@code opensearch}
     * @param name the Iceberg table or the index
     * @param rows its rows
     */
    record Target(String kind, String name, RowsOfTable rows) {}

    /**
     * When tables are compared by checksums.
     *
     * @param fromRows the number of rows from which a table is
     */
    record Method(long fromRows) {
        /** Every row of every table is read. */
        static final Method FULL = new Method(Long.MAX_VALUE);

        boolean byChecksums(long rows) {
            return rows >= fromRows;
        }
    }

    /**
     * @param settle how long suspects are looked at again before they count as different
     */
    TableComparison(ComparedTable table, RowsOfTable source, Method method, Duration settle, Waiting waiting) {
        this.table = table;
        this.source = source;
        this.method = method;
        this.settle = settle;
        this.waiting = waiting;
    }

    /** Compares some targets. */
    TableResult compare(List<Target> targets) {
        List<Comparison> comparisons = targets.stream().map(Comparison::new).toList();
        look(comparisons);
        long deadline = waiting.nanos() + settle.toNanos();
        comparisons.forEach(Comparison::lookAgain);
        while (comparisons.stream().anyMatch(Comparison::isOpen) && waiting.nanos() < deadline) {
            waiting.pause(PAUSE);
            List<Comparison> incomplete =
                    comparisons.stream().filter(Comparison::isIncomplete).toList();
            if (!incomplete.isEmpty()) {
                look(incomplete);
            }
            comparisons.forEach(Comparison::lookAgain);
        }
        return new TableResult(
                table.route().table().toString(),
                byChecksums ? TableResult.CHECKSUMS : TableResult.ROWS,
                moment,
                source.bytesRead(),
                comparisons.stream().map(Comparison::result).toList());
    }

    /**
     * Fixes all sides at nearly the same moment, and finds suspects. The source comes first: what a target lacks of its
     * moment is under way.
     */
    private void look(List<Comparison> comparisons) {
        List<TableView> views = new ArrayList<>();
        try {
            TableView sourceView = source.open();
            views.add(sourceView);
            for (Comparison comparison : comparisons) {
                views.add(comparison.target.rows().open());
            }
            long rows = views.stream().mapToLong(TableView::estimatedRows).max().orElse(0);
            byChecksums = method.byChecksums(rows);
            moment = sourceView.moment();
            if (!byChecksums) {
                for (int i = 0; i < comparisons.size(); i++) {
                    comparisons.get(i).scan = TableScan.ofRows(table, sourceView, views.get(i + 1));
                }
            } else {
                Buckets buckets = Buckets.forRows(rows);
                List<BucketChecksums> sums = Concurrently.all(views, view -> view.checksums(buckets));
                for (int i = 0; i < comparisons.size(); i++) {
                    comparisons.get(i).scan =
                            TableScan.ofBuckets(table, sourceView, sums.get(0), views.get(i + 1), sums.get(i + 1));
                }
            }
        } finally {
            views.forEach(TableView::close);
        }
    }

    /** One target, and what is known of it so far. */
    private final class Comparison {
        private final Target target;
        private @Nullable TableScan scan;
        private List<Difference> differences = List.of();

        Comparison(Target target) {
            this.target = target;
        }

        private TableScan scan() {
            return Objects.requireNonNull(scan, "looked at before it is looked at again");
        }

        boolean isOpen() {
            return isIncomplete() || !scan().suspects().isEmpty();
        }

        boolean isIncomplete() {
            return scan().unchecked() > 0;
        }

        /** Looks at each suspect once and forgets those that are settled. */
        void lookAgain() {
            Map<String, Suspect> suspects = scan().suspects();
            if (suspects.isEmpty()) {
                differences = List.of();
                return;
            }
            Map<String, List<String>> keysById = new LinkedHashMap<>();
            suspects.forEach((id, suspect) -> keysById.put(id, suspect.key()));
            Map<String, List<ComparedRow>> atSource = source.find(keysById);
            Map<String, List<ComparedRow>> atTarget = target.rows().find(keysById);
            List<Difference> found = new ArrayList<>();
            suspects.entrySet().removeIf(entry -> {
                List<ComparedRow> rows = atSource.getOrDefault(entry.getKey(), List.of());
                Difference difference = entry.getValue()
                        .lookAgain(
                                rows.isEmpty() ? null : rows.get(0),
                                atTarget.getOrDefault(entry.getKey(), List.of()),
                                table);
                if (difference != null) {
                    found.add(difference);
                }
                return difference == null;
            });
            differences = found;
        }

        TargetResult result() {
            return new TargetResult(
                    target.kind(),
                    target.name(),
                    scan().sourceRows(),
                    scan().targetRows(differences),
                    scan().rowsRead(),
                    target.rows().bytesRead(),
                    differences,
                    scan().unchecked());
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

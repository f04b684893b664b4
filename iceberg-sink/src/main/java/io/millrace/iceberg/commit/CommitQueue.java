package io.millrace.iceberg.commit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports that have not landed yet, by table, in the order in which they came. Those of a checkpoint that was aborted stay
 * and land with the next one that completes.
 */
public final class CommitQueue {
    private static final long NO_CHECKPOINT_YET = Long.MAX_VALUE;

    private final Map<String, List<Queued>> tables = new LinkedHashMap<>();

    /**
     * A report.
     *
     * @param checkpoint the first checkpoint that has the report
     * @param run the committer's run that took that checkpoint; empty before it
     */
    public record Queued(long checkpoint, String run, TableReport report) {}

    /** Takes a report that belongs to the next checkpoint. */
    public void add(WriterReport report) {
        report.tables().forEach(table -> add(new Queued(NO_CHECKPOINT_YET, "", table)));
    }

    /** Takes back a report from a checkpoint. */
    public void add(Queued queued) {
        tables.computeIfAbsent(queued.report().table(), created -> new ArrayList<>())
                .add(queued);
    }

    /** Gives all reports that came since the last checkpoint to this one. */
    public void assign(long checkpoint, String run) {
        tables.values()
                .forEach(queue -> queue.replaceAll(queued -> queued.checkpoint() == NO_CHECKPOINT_YET
                        ? new Queued(checkpoint, run, queued.report())
                        : queued));
    }

    /** The reports of this checkpoint and of earlier ones, by table. */
    public Map<String, List<Queued>> upTo(long checkpoint) {
        Map<String, List<Queued>> due = new LinkedHashMap<>();
        tables.forEach((table, queue) -> {
            List<Queued> reports = queue.stream()
                    .filter(queued -> queued.checkpoint() <= checkpoint)
                    .toList();
            if (!reports.isEmpty()) {
                due.put(table, reports);
            }
        });
        return due;
    }

    /** Forgets a table's reports up to this checkpoint. */
    public void landed(String table, long checkpoint) {
        List<Queued> queue = tables.get(table);
        if (queue != null) {
            queue.removeIf(queued -> queued.checkpoint() <= checkpoint);
            if (queue.isEmpty()) {
                tables.remove(table);
            }
        }
    }

    /** All reports. */
    public List<Queued> all() {
        return tables.values().stream().flatMap(List::stream).toList();
    }
}

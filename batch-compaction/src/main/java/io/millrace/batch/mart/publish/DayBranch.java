package io.millrace.batch.mart.publish;

import io.millrace.batch.mart.CommitRetry;
import io.millrace.batch.mart.MartFailure;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * A branch of a mart's table on which a day's rows are written and checked before readers of {@code main} see them.
 *
 * <pre>
 * main ──●────────────────●──► fast-forward
 *         └─ day branch ──┘
 *            write, check
 * </pre>
 *
 * <p>If {@code main} has gone on meanwhile, as another day was published, the day's files are committed once more on top of
 * it, without being written again: days are partitions of their own, so what was checked still holds.
 *
 * <p>Each run has a branch of its own, so that what it publishes is what it has checked, also while another run computes the
 * same day: the last to publish stands. A new run removes what earlier ones of its day have left, which may be killed or still
 * at work; the latter ends with a {@link MartFailure} then, unless its rows are checked already.
 */
public final class DayBranch {
    private static final String SUMMARY = "millrace.mart.";
    private static final String PREFIX = "millrace_day_";

    private final Table table;
    private final String dayColumn;
    private final LocalDate day;
    private final String name;

    private DayBranch(Table table, String dayColumn, LocalDate day) {
        this.table = table;
        this.dayColumn = dayColumn;
        this.day = day;
        this.name = prefix(day) + "_" + UUID.randomUUID().toString().replace('-', '_');
    }

    /** Begins a branch for a run of a day, where {@code main} stands, in place of those of earlier runs. */
    public static DayBranch begin(Table table, String dayColumn, LocalDate day) {
        CommitRetry.repeat(table, "remove earlier branches of " + day + " of " + table.name(), () -> {
            List<String> earlier = table.refs().keySet().stream()
                    .filter(branch -> branch.startsWith(prefix(day)))
                    .toList();
            if (!earlier.isEmpty()) {
                ManageSnapshots references = table.manageSnapshots();
                earlier.forEach(references::removeBranch);
                references.commit();
            }
            return table;
        });
        DayBranch branch = new DayBranch(table, dayColumn, day);
        branch.beginAgain();
        return branch;
    }

    private static String prefix(LocalDate day) {
        return PREFIX + day.toString().replace('-', '_');
    }

    /** The branch's name, which Spark reads and writes. */
    public String name() {
        return name;
    }

    /** What the run says of itself in its snapshot's summary, by Spark's write options. */
    public static Map<String, String> summaryOptions(Map<String, String> facts) {
        Map<String, String> options = new TreeMap<>();
        facts.forEach((fact, value) -> options.put("snapshot-property." + SUMMARY + fact, value));
        return options;
    }

    /** A fact of a run in the summary of its snapshot. */
    public static String fact(Snapshot snapshot, String fact) {
        return snapshot.summary().getOrDefault(SUMMARY + fact, "");
    }

    /**
     * Makes the branch's rows those of {@code main}, and removes the branch.
     *
     * @return the snapshot that readers see
     * @throws MartFailure if another run of the day has removed the branch
     */
    public Snapshot publish() {
        table.refresh();
        Snapshot checked = table.snapshot(name);
        if (checked == null) {
            throw taken(null);
        }
        return CommitRetry.repeat(table, "publish " + day + " of " + table.name(), () -> {
            if (!isAheadOfMain()) {
                replay(checked);
            }
            table.manageSnapshots()
                    .fastForwardBranch(SnapshotRef.MAIN_BRANCH, name)
                    .removeBranch(name)
                    .commit();
            table.refresh();
            return table.currentSnapshot();
        });
    }

    /**
     * Gives the day up: {@code main} stays as it is. A branch that cannot be removed now is by the next run of the day.
     *
     * @param reason why the run cannot go on
     * @return what to say: the reason, or that another run of the day has removed the branch
     */
    public RuntimeException abandon(RuntimeException reason) {
        try {
            table.refresh();
            if (!table.refs().containsKey(name)) {
                return taken(reason);
            }
            CommitRetry.repeat(table, "remove branch " + name + " of " + table.name(), () -> {
                removeBranch();
                return table;
            });
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
        return reason;
    }

    private void beginAgain() {
        CommitRetry.repeat(table, "begin branch " + name + " of " + table.name(), () -> {
            removeBranch();
            Snapshot main = table.currentSnapshot();
            if (main == null) {
                table.manageSnapshots().createBranch(name).commit();
            } else {
                table.manageSnapshots().createBranch(name, main.snapshotId()).commit();
            }
            return table;
        });
        table.refresh();
    }

    private void removeBranch() {
        if (table.refs().containsKey(name)) {
            table.manageSnapshots().removeBranch(name).commit();
        }
    }

    private MartFailure taken(@Nullable RuntimeException cause) {
        return new MartFailure(
                "Cannot publish " + day + " of " + table.name()
                        + ": another run of the day has begun meanwhile. See what it publishes, or run the day again",
                cause);
    }

    private boolean isAheadOfMain() {
        Snapshot head = table.snapshot(name);
        Snapshot main = table.currentSnapshot();
        return head != null && (main == null || SnapshotUtil.isAncestorOf(table, head.snapshotId(), main.snapshotId()));
    }

    /** Commits the checked snapshot's files again, on top of what {@code main} is now. */
    private void replay(Snapshot checked) {
        Iterable<DataFile> files = checked.addedDataFiles(table.io());
        beginAgain();
        OverwriteFiles overwrite = table.newOverwrite()
                .toBranch(name)
                .overwriteByRowFilter(Expressions.equal(dayColumn, (int) day.toEpochDay()));
        files.forEach(overwrite::addFile);
        checked.summary().forEach((key, value) -> {
            if (key.startsWith(SUMMARY)) {
                overwrite.set(key, value);
            }
        });
        overwrite.commit();
        table.refresh();
    }
}

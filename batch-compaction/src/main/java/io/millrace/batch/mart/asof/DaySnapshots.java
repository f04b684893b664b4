package io.millrace.batch.mart.asof;

import io.millrace.batch.mart.CommitRetry;
import io.millrace.batch.mart.MartFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;

/**
 * Pins the snapshots that days are computed from: a tag on each input, {@code millrace-day-<zone>-<date>}, which the first
 * run of a day sets and all later ones use. So a rerun reads the same rows, and expiry keeps them for as long as the tag
 * lives.
 */
public final class DaySnapshots {
    private final Duration settle;
    private final Duration keep;
    private final Instant now;

    /**
     * Sets how days are pinned.
     *
     * @param settle how long after a day's end its last changes may come
     * @param keep how long a day's tag lives
     * @param now the time of the run
     */
    public DaySnapshots(Duration settle, Duration keep, Instant now) {
        this.settle = settle;
        this.keep = keep;
        this.now = now;
    }

    /**
     * The snapshot of an input that holds the end of a day; empty if the table had no rows by then.
     *
     * @throws MartFailure if the day has not ended yet, or its snapshot has been expired
     */
    public OptionalLong of(Table input, LocalDate day, ZoneId zone) {
        String tag = "millrace-day-" + zone.getId().replace('/', '-') + "-" + day;
        return CommitRetry.repeat(input, "pin the snapshot of " + input.name() + " at the end of " + day, () -> {
            SnapshotRef pinned = input.refs().get(tag);
            if (pinned != null) {
                return OptionalLong.of(pinned.snapshotId());
            }
            OptionalLong found = find(input, day, zone);
            if (found.isPresent()) {
                input.manageSnapshots()
                        .createTag(tag, found.getAsLong())
                        .setMaxRefAgeMs(tag, keep.toMillis())
                        .commit();
            }
            return found;
        });
    }

    private OptionalLong find(Table input, LocalDate day, ZoneId zone) {
        Instant end = day.plusDays(1).atStartOfDay(zone).toInstant();
        List<DayEnd.Commit> history = input.history().stream()
                .map(entry -> new DayEnd.Commit(Instant.ofEpochMilli(entry.timestampMillis()), entry.snapshotId()))
                .filter(commit -> input.snapshot(commit.snapshotId()) != null)
                .toList();
        DayEnd.Found found = DayEnd.find(history, isComplete(input, history), end, settle, now);
        if (found instanceof DayEnd.Found.Snapshot snapshot) {
            return OptionalLong.of(snapshot.id());
        } else if (found instanceof DayEnd.Found.TooEarly early) {
            throw new MartFailure("Cannot compute " + day + " yet: its changes may come until " + early.until()
                    + ". Run it after that");
        } else if (found instanceof DayEnd.Found.Expired expired) {
            throw new MartFailure("Cannot compute " + day + ": the snapshot of " + input.name()
                    + " that holds its end has been expired, the oldest is of " + expired.oldest()
                    + ". Retain snapshots longer than the oldest day to be computed");
        }
        return OptionalLong.empty();
    }

    private static boolean isComplete(Table input, List<DayEnd.Commit> history) {
        if (history.isEmpty()) {
            return true;
        }
        Snapshot first = input.snapshot(history.get(0).snapshotId());
        return first.parentId() == null;
    }
}

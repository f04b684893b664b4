package io.millrace.capture.postgres;

import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.ResumePlan;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a capture of PostgreSQL goes on: whether its replication slot still gives all that was not captured. */
final class PostgresResume {
    private static final Pattern LSN = Pattern.compile("\"lsn(?:_proc|_commit)?\":(-?\\d+)");

    private PostgresResume() {}

    /**
     * Decides.
     *
     * @param state what the last run left behind; null if there was none
     * @param facts the server as it is now
     */
    static ResumePlan of(@Nullable CaptureState state, SourceFacts facts) {
        SourceFacts.Slot slot = facts.slot();
        if (state == null || state.offsets().isEmpty()) {
            return new ResumePlan.Snapshot("nothing was captured before", false);
        }
        if (slot == null) {
            return new ResumePlan.Snapshot(
                    "the replication slot is gone, and with it the changes since the last run", true);
        }
        if (facts.publication() == null) {
            // The server refuses to read changes from before a publication, which it looks up as of the change.
            return new ResumePlan.Snapshot("the publication is gone, and with it the changes since the last run", true);
        }
        if (slot.lost()) {
            return new ResumePlan.Snapshot(
                    "the server has thrown away changes that the slot still needed (max_slot_wal_keep_size)", true);
        }
        long confirmed = slot.confirmedLsn();
        if (state.offsets().values().stream().anyMatch(offset -> Long.compareUnsigned(lsn(offset), confirmed) < 0)) {
            return new ResumePlan.Snapshot(
                    "the replication slot was moved on past what the last run had captured", true);
        }
        if (state.offsets().values().stream().anyMatch(ResumePlan::isInsideSnapshot)) {
            return new ResumePlan.SnapshotBesideChanges();
        }
        return new ResumePlan.Resume();
    }

    /** The highest LSN that an offset names. */
    static long lsn(String offset) {
        long highest = 0;
        Matcher matcher = LSN.matcher(offset);
        while (matcher.find()) {
            long lsn = Long.parseLong(matcher.group(1));
            highest = Long.compareUnsigned(lsn, highest) > 0 ? lsn : highest;
        }
        return highest;
    }
}

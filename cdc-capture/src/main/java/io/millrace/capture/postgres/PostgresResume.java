package io.millrace.capture.preflight;

import io.millrace.capture.offset.CaptureState;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a capture goes on where it was, or has to read the tables anew. */
public sealed interface ResumePlan {

    /** Everything since the last acknowledged change is still there: go on. */
    record Resume() implements ResumePlan {}

    /**
     * Read the tables anew, with a slot of that very moment.
     *
     * @param reason why, in words for the operator
     * @param incomplete whether changes may be missing on the stream: deletes between then and now stay unknown
     */
    record Snapshot(String reason, boolean incomplete) implements ResumePlan {}

    /**
     * Decides.
     *
     * @param state what the last run left behind; null if there was none
     * @param slot the capture's slot; null if there is none
     */
    static ResumePlan of(@Nullable CaptureState state, SourceFacts.@Nullable Slot slot) {
        if (state == null || state.offsets().isEmpty()) {
            return new Snapshot("nothing was captured before", false);
        }
        if (state.offsets().values().stream().anyMatch(Offsets::isInsideSnapshot)) {
            return new Snapshot("the last run ended within its snapshot", false);
        }
        if (slot == null) {
            return new Snapshot("the replication slot is gone, and with it the changes since the last run", true);
        }
        if (slot.lost()) {
            return new Snapshot(
                    "the server has thrown away changes that the slot still needed (max_slot_wal_keep_size)", true);
        }
        long confirmed = slot.confirmedLsn();
        if (state.offsets().values().stream()
                .anyMatch(offset -> Long.compareUnsigned(Offsets.lsn(offset), confirmed) < 0)) {
            return new Snapshot("the replication slot was moved on past what the last run had captured", true);
        }
        return new Resume();
    }

    /** Reads what matters out of Debezium's offset values. */
    final class Offsets {
        private static final Pattern LSN = Pattern.compile("\"lsn(?:_proc|_commit)?\":(-?\\d+)");

        private Offsets() {}

        static boolean isInsideSnapshot(String offset) {
            return offset.contains("\"snapshot\":") && !offset.contains("\"snapshot_completed\":true");
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
}

package io.millrace.capture.offset;

import org.slf4j.Logger;

/** Whether a capture goes on where it was, or has to read the tables anew. */
public sealed interface ResumePlan {

    /** Everything since the last acknowledged change is still there: go on. */
    record Resume() implements ResumePlan {}

    /**
     * Read the tables anew, and go on from that very moment.
     *
     * @param reason why, in words for the operator
     * @param incomplete whether changes may be missing on the stream: deletes between then and now stay unknown
     */
    record Snapshot(String reason, boolean incomplete) implements ResumePlan {

        /** Tells the operator. */
        public void tell(Logger log) {
            if (incomplete) {
                log.warn(
                        "Taking a new snapshot: {}. Rows deleted in between stay in the targets; run reconcile to find them",
                        reason);
            } else {
                log.info("Taking a snapshot: {}", reason);
            }
        }
    }

    /**
     * Go on with the changes since a snapshot that was not finished, and read all rows again beside them: rows of it are on the
     * stream, and only the changes tell which of these have been deleted since.
     */
    record SnapshotBesideChanges() implements ResumePlan {

        /** Tells the operator. */
        public void tell(Logger log) {
            log.info(
                    "Going on with the changes since the last run's snapshot, which was not finished, and reading all rows again");
        }
    }

    /** Whether Debezium's offset, in JSON, is one from inside a snapshot. */
    static boolean isInsideSnapshot(String offset) {
        return offset.contains("\"snapshot\":") && !offset.contains("\"snapshot_completed\":true");
    }

    /** Debezium's offset, in JSON, as it is when the snapshot that it is from is complete. */
    static String afterSnapshot(String offset) {
        return offset.replaceAll("\"snapshot(?:_completed)?\":(?:\"[^\"]*\"|\\w+),?", "")
                .replace(",}", "}");
    }
}

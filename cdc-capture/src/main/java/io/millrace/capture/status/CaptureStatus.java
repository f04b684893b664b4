package io.millrace.capture.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a capture has done since it started.
 *
 * @param state what it is at
 * @param captured changes on the stream by table, such as {@code public.shipments}
 * @param published records on the stream
 * @param bytes their size there
 * @param lagMillis from the commit of the last change to its acknowledgement by the stream; for snapshot rows from the
 *     reading; of a source that is silent, the way of the last heartbeat
 * @param lastPosition the source's position of the last change, for PostgreSQL its LSN, for MariaDB log, offset and row; null before the first
 * @param claimChecks changes whose payload is in storage
 * @param retries requests to the stream, the registry or the storage that had to be tried again
 * @param problem why the capture failed; null while it has not
 */
public record CaptureStatus(
        @JsonProperty("state") State state,
        @JsonProperty("captured") Map<String, Long> captured,
        @JsonProperty("published") long published,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("lag_ms") long lagMillis,
        @JsonProperty("last_position") @Nullable String lastPosition,
        @JsonProperty("claim_checks") long claimChecks,
        @JsonProperty("retries") long retries,
        @JsonProperty("problem") @Nullable String problem) {

    /** What a capture is at. */
    public enum State {
        /** Checks and connects. */
        STARTING,
        /** Reads the tables as they are. */
        SNAPSHOT,
        /** Follows the changes. */
        STREAMING,
        /** Has ended as it was told to. */
        STOPPED,
        /** Has ended because of a problem. */
        FAILED
    }
}

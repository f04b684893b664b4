package io.millrace.stream.sequence;

import io.millrace.schemas.event.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a key: the last change that was applied.
 *
 * @param position its position; null if no applied change had one
 * @param version its version in the targets
 * @param deleted whether it was a delete: the key's tombstone, which still outranks older changes
 * @param keepsValues whether there are {@link KeptValues} of the row
 * @param fromSnapshot whether it was a row of a snapshot
 * @param eventTimeMicros when the source committed it, if it had no position: then time is all that tells older from newer
 * @param expiresMillis the event time, a full hour, at which a tombstone is forgotten; {@link #NEVER} for rows that live
 */
public record KeyHistory(
        @Nullable SourcePosition position,
        long version,
        boolean deleted,
        boolean keepsValues,
        boolean fromSnapshot,
        @Nullable Long eventTimeMicros,
        long expiresMillis) {

    /** The expiry of what does not expire. */
    public static final long NEVER = Long.MAX_VALUE;

    /** The same tombstone, to be forgotten at some time. */
    public KeyHistory expiring(long atMillis) {
        return new KeyHistory(position, version, deleted, keepsValues, fromSnapshot, eventTimeMicros, atMillis);
    }

    /** The same without kept values. */
    KeyHistory withoutValues() {
        return new KeyHistory(position, version, deleted, false, fromSnapshot, eventTimeMicros, expiresMillis);
    }
}

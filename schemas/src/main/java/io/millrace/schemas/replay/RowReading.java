package io.millrace.schemas.replay;

import io.millrace.schemas.event.SourcePosition;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Where a row stands that was read in its source and not told by its stream: what was read includes every change before a
 * log position, and maybe later ones. See docs/decisions/0022-reconciliation-by-checksums.md.
 *
 * @param before the log position (of PostgreSQL an LSN) below which every change is in what was read, or was rolled back
 * @param beforeMicros the source's clock at that position, in microseconds since 1970-01-01T00:00Z
 * @param aboveVersion the greatest version that a target holds of the row; 0 if none is known
 * @param masked whether the row's key is masked already, as it was found in a target and not in the source
 */
public record RowReading(long before, long beforeMicros, long aboveVersion, boolean masked) implements Serializable {
    /** Commit times may be cut to the second. */
    private static final long CUT_OFF_MICROS = 1_000_000;

    /**
     * Whether a change is in what was read.
     *
     * @param position the change's position; null if it has none
     * @param eventTimeMicros when it was committed; null if it is not known, which only matters without a position
     */
    public boolean includes(@Nullable SourcePosition position, @Nullable Long eventTimeMicros) {
        if (position != null) {
            return Long.compareUnsigned(position.transaction(), before) < 0
                    && Long.compareUnsigned(position.offset(), before) < 0;
        }
        return eventTimeMicros == null || eventTimeMicros < beforeMicros - CUT_OFF_MICROS;
    }

    /**
     * The position that outranks every change that is included, and is outranked by every other.
     *
     * @param last the position of the last change of the row that was applied; null if there is none
     */
    public SourcePosition position(@Nullable SourcePosition last) {
        long offset = before - 1;
        return last == null
                ? new SourcePosition(0, offset)
                : new SourcePosition(
                        last.transaction(), Long.compareUnsigned(last.offset(), offset) > 0 ? last.offset() : offset);
    }
}

package io.millrace.stream.validate;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether a row may take a value that no two rows may have within a window of event time.
 *
 * <pre>
 * free ── row A takes it ──► A's ── A again: still A's
 *   ▲                         │ ── row B, less than a window apart: violation; it stays A's
 *   └─ A takes another value, or is deleted; or the window is over
 * </pre>
 *
 * <p>Knows values by their hashes, and no state of its own.
 */
public final class UniqueWindow {
    private final long windowMicros;

    public UniqueWindow(long windowMicros) {
        this.windowMicros = windowMicros;
    }

    /** Who has a value, and since when by event time. */
    public record Holder(String row, long eventTimeMicros) {}

    /** What is remembered of one rule: who has which value, and which value each row has. */
    public interface Claims {
        @Nullable
        Holder holder(String value);

        @Nullable
        String valueOf(String row);

        void give(String value, Holder holder);

        void take(String value, String row);
    }

    /**
     * A row takes a value.
     *
     * @param value the value's hash; null if the row has none any more
     * @return whether it may; if not, nothing is changed
     */
    public boolean take(String row, @Nullable String value, long eventTimeMicros, Claims claims) {
        String before = claims.valueOf(row);
        Holder mine = before == null ? null : claims.holder(before);
        if (mine != null && mine.row().equals(row) && eventTimeMicros < mine.eventTimeMicros()) {
            // Older than what the row has by now: it will be superseded, and tells nothing new.
            return true;
        }
        if (value != null) {
            Holder holder = claims.holder(value);
            if (holder != null
                    && !holder.row().equals(row)
                    && Math.abs(eventTimeMicros - holder.eventTimeMicros()) < windowMicros) {
                return false;
            }
        }
        if (before != null && !before.equals(value)) {
            claims.take(before, row);
        }
        if (value != null) {
            claims.give(value, new Holder(row, eventTimeMicros));
        }
        return true;
    }
}

package io.millrace.stream.sequence;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.SourcePosition;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a change does to its row, given what is remembered of the key. Knows no state and no time of its own.
 *
 * <p>Positions decide the order. A change without a position is taken in the order of its arrival, as nothing better is
 * known of it. See docs/decisions/0005-sequencing.md.
 */
public final class Sequencer {

    private Sequencer() {}

    /**
     * Sequences one change.
     *
     * @param change the change
     * @param history what is remembered of its key; null if nothing
     * @param kept the values that are kept with the history, asked for only if the change needs them
     */
    public static Outcome sequence(
            ChangeEvent change, @Nullable KeyHistory history, Supplier<@Nullable KeptValues> kept) {
        SourcePosition last = history == null ? null : history.position();
        SourcePosition position = change.position();
        if (last != null && position != null) {
            int order = position.compareTo(last);
            if (order == 0) {
                return new Outcome.Duplicate();
            }
            if (order < 0) {
                return new Outcome.Superseded();
            }
        }
        SourcePosition newest = position == null ? last : position;
        long version = version(change, history);
        Row after = change.after();
        if (after == null) {
            return new Outcome.Applied(
                    new RowChange.Delete(change.key(), version, change.eventTimeMicros()),
                    new KeyHistory(newest, version, true, false),
                    Optional.empty());
        }
        boolean incomplete = after.hasUnavailable();
        Row row = after;
        if (incomplete) {
            KeptValues values = history != null && history.keepsValues() ? kept.get() : null;
            Optional<Row> filled = values == null ? Optional.empty() : values.fill(after);
            if (filled.isEmpty()) {
                return new Outcome.Rejected(
                        DeadLetterCode.UNAVAILABLE_VALUE,
                        "Cannot fill in an unchanged value that the source left out: the row's previous values are not"
                                + " known. Update the row's large columns in the source, or take a new snapshot");
            }
            row = filled.get();
        }
        Optional<KeptValues> keep = KeptValues.of(row, incomplete);
        return new Outcome.Applied(
                new RowChange.Upsert(change.key(), row, version, change.eventTimeMicros()),
                new KeyHistory(newest, version, false, keep.isPresent()),
                keep);
    }

    /**
     * The greater one of what the position says and the next one after the key's last version. The first makes a job
     * without state give a change the version that it had before; the second makes versions grow also where positions do
     * not say enough: a transaction that commits after a snapshot but wrote before it, and changes without a position.
     */
    private static long version(ChangeEvent change, @Nullable KeyHistory history) {
        SourcePosition position = change.position();
        long own = position == null ? change.eventTimeMicros() : Math.max(position.transaction(), position.offset());
        return Math.max(own, history == null ? 1 : history.version() + 1);
    }
}

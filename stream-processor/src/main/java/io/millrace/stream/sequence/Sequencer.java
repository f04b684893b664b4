package io.millrace.stream.sequence;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.pipeline.Sequencing;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.schemas.replay.RowReading;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a change does to its row, given what is remembered of the key. Knows no state and no time of its own.
 *
 * <p>Positions decide the order. Where they are missing:
 *
 * <pre>
 * change            last applied        verdict
 * streamed          snapshot row        newer, as captures send a table's rows before its changes
 * snapshot row      streamed            older: nothing tells that it is newer, and it must not overwrite what is
 * of the same kind  with its time       older if its time is; at the same time newer, in the order of arrival
 * of the same kind  of unknown time     newer, in the order of arrival
 * </pre>
 *
 * <p>See docs/decisions/0005-sequencing.md and 0013-order-lateness-accounting.md.
 */
public final class Sequencer {
    private static final long HOUR_MILLIS = 3_600_000;

    private final Sequencing settings;
    private final TableRoutes routes;

    /**
     * Sequences the changes of some tables.
     *
     * @param routes say which columns had other names before, under which their values may have been kept
     */
    public Sequencer(Sequencing settings, TableRoutes routes) {
        this.settings = settings;
        this.routes = routes;
    }

    /**
     * Sequences one change.
     *
     * @param change the change
     * @param memory what is remembered of its key
     * @param large whether the row is known to be large in the source, whatever the change shows of it
     * @param watermarkMillis the watermark; {@link Long#MIN_VALUE} if there is none yet
     */
    public Outcome sequence(ChangeEvent change, KeyMemory memory, boolean large, long watermarkMillis) {
        KeyHistory history = memory.history();
        OptionalLong identity = OptionalLong.empty();
        if (change.position() == null) {
            identity = OptionalLong.of(ChangeIdentity.of(change));
            if (memory.saw(identity.getAsLong())) {
                return new Outcome.Duplicate();
            }
        }
        if (history != null) {
            int order = compare(change, history);
            if (order == 0) {
                return new Outcome.Duplicate();
            }
            if (order < 0) {
                return new Outcome.Superseded();
            }
        }
        Row row = null;
        Optional<KeptValues> keep = Optional.empty();
        Row after = change.after();
        if (after != null) {
            boolean incomplete = after.hasUnavailable();
            row = incomplete ? filled(change.key().table(), after, history, memory) : after;
            if (row == null) {
                return new Outcome.Rejected(
                        DeadLetterCode.UNAVAILABLE_VALUE,
                        "Cannot fill in an unchanged value that the source left out: the row's previous values are not"
                                + " known. Update the row's large columns in the source, or take a new snapshot");
            }
            keep = KeptValues.of(row, incomplete || large);
        }
        long version = version(change, history);
        RowChange applied = row == null
                ? new RowChange.Delete(change.key(), version, change.eventTimeMicros())
                : new RowChange.Upsert(change.key(), row, version, change.eventTimeMicros());
        return new Outcome.Applied(
                applied, remember(change, history, version, keep.isPresent(), watermarkMillis), keep, identity);
    }

    /**
     * Sequences a row that was read in its source, and is to be written to the targets whatever they hold.
     *
     * <p>It is newest exactly if the last applied change is in what was read; then it gets a version that no target has, and
     * its place is before every change that is not in it.
     *
     * @param read the row, or the delete of a row that the source does not have
     * @param reading where it stands
     */
    public Outcome sequence(
            ChangeEvent read, RowReading reading, KeyMemory memory, boolean large, long watermarkMillis) {
        KeyHistory history = memory.history();
        if (history != null && !reading.includes(history.position(), history.eventTimeMicros())) {
            return new Outcome.Superseded();
        }
        Row row = read.after();
        long version = Math.max(
                Math.max(reading.before(), reading.aboveVersion() + 1), history == null ? 1 : history.version() + 1);
        Optional<KeptValues> keep = row == null ? Optional.empty() : KeptValues.of(row, large);
        boolean ordersByTime = history != null && history.position() == null;
        KeyHistory remembered = new KeyHistory(
                ordersByTime ? null : reading.position(history == null ? null : history.position()),
                version,
                row == null,
                keep.isPresent(),
                history != null && history.fromSnapshot(),
                history == null ? null : history.eventTimeMicros(),
                row == null ? tombstoneExpiry(read, watermarkMillis) : KeyHistory.NEVER);
        return new Outcome.Applied(
                row == null
                        ? new RowChange.Delete(read.key(), version, read.eventTimeMicros())
                        : new RowChange.Upsert(read.key(), row, version, read.eventTimeMicros()),
                remembered,
                keep,
                OptionalLong.empty());
    }

    /** Negative if the change is older than the last applied one, positive if newer, zero if it is that one. */
    private static int compare(ChangeEvent change, KeyHistory history) {
        SourcePosition position = change.position();
        SourcePosition last = history.position();
        if (position != null && last != null) {
            return position.compareTo(last);
        }
        boolean fromSnapshot = change.operation() == Operation.SNAPSHOT;
        if (fromSnapshot != history.fromSnapshot()) {
            return fromSnapshot ? -1 : 1;
        }
        Long time = history.eventTimeMicros();
        return position == null && time != null && change.eventTimeMicros() < time ? -1 : 1;
    }

    private @Nullable Row filled(String table, Row after, @Nullable KeyHistory history, KeyMemory memory) {
        KeptValues values = history != null && history.keepsValues() ? memory.keptValues() : null;
        if (values == null) {
            return null;
        }
        TableRoute route = routes.find(table);
        return values.fill(after, route == null ? Map.of() : route.renames()).orElse(null);
    }

    private KeyHistory remember(
            ChangeEvent change, @Nullable KeyHistory history, long version, boolean keeps, long watermarkMillis) {
        SourcePosition position = change.position();
        boolean deleted = change.after() == null;
        return new KeyHistory(
                position != null || history == null ? position : history.position(),
                version,
                deleted,
                keeps,
                change.operation() == Operation.SNAPSHOT,
                position == null ? (Long) change.eventTimeMicros() : null,
                deleted ? tombstoneExpiry(change, watermarkMillis) : KeyHistory.NEVER);
    }

    /**
     * Counted from the delete or, if it came late, from the watermark: a delete that is replayed long after must not be
     * forgotten before what it was meant to outrank is replayed as well. Full hours, so that a key which comes and goes has
     * few timers.
     */
    private long tombstoneExpiry(ChangeEvent change, long watermarkMillis) {
        return tombstoneExpiry(change.eventTimeMicros(), watermarkMillis);
    }

    /** The event time until which a row is remembered that was deleted at another. */
    public long tombstoneExpiry(long deletedMicros, long watermarkMillis) {
        long from = Math.max(deletedMicros / 1000, watermarkMillis);
        return ceil(from + settings.tombstoneRetention().toMillis(), HOUR_MILLIS);
    }

    /** The event time until which the identity of an applied change without a position is remembered. */
    public long identityExpiry(ChangeEvent change, long watermarkMillis) {
        return Math.max(change.eventTimeMicros() / 1000, watermarkMillis)
                + settings.deduplicationWindow().toMillis();
    }

    private static long ceil(long millis, long unit) {
        return Math.floorDiv(millis + unit - 1, unit) * unit;
    }

    /**
     * What is remembered of a key when a change was refused before it came here: not the values any more that later changes
     * may leave out, as those are the refused change's. Empty if nothing changes, because a newer change was applied.
     *
     * @param refused the refused change
     */
    public static Optional<KeyHistory> afterRefusal(ChangeEvent refused, @Nullable KeyHistory history) {
        if (history == null || !history.keepsValues() || compare(refused, history) <= 0) {
            return Optional.empty();
        }
        return Optional.of(history.withoutValues());
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

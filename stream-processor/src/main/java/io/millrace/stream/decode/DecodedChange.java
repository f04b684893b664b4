package io.millrace.stream.decode;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.replay.RowReading;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetters;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way from decoding to sequencing.
 *
 * @param change the change
 * @param shard the shard it came from, within which event times are near each other
 * @param raw the record it came from, as long as a later step may have to refuse it; sealed before the step of its key
 * @param recordId the id of a sealed record, which its bytes do not tell
 * @param large whether the row is so large in the source that its next change may leave values out: masks make it smaller
 * @param refused whether a step has refused the change, which is a dead letter by now; what goes on is the news of it, as
 *     values that the source leaves out from here on are the refused change's
 * @param replay the dead letter that the change was; null if it comes for the first time
 * @param reading where the row stands, if it was read in its source and not told by its stream; else null
 * @param claims hashes of the values that must be unique, one for each such rule of the table, as
 *     {@code ValueHashes} gives them; none before the mask step
 */
public record DecodedChange(
        ChangeEvent change,
        String shard,
        @Nullable RawRecord raw,
        @Nullable String recordId,
        boolean large,
        boolean refused,
        @Nullable Replay replay,
        @Nullable RowReading reading,
        List<String> claims) {

    /** A change that comes for the first time. */
    public DecodedChange(ChangeEvent change, String shard, @Nullable RawRecord raw) {
        this(change, shard, raw, null, false, false, null, null, List.of());
    }

    /** A change with the record that it came from. */
    public static DecodedChange of(ChangeEvent change, RawRecord raw) {
        return new DecodedChange(change, raw.shard(), raw);
    }

    /** The same change, sent through the job once more. */
    public DecodedChange as(Replay again) {
        return new DecodedChange(change, shard, raw, recordId, large, refused, again, reading, claims);
    }

    /** The same, of a row that was read in its source. */
    public DecodedChange readAt(RowReading where) {
        return new DecodedChange(change, shard, raw, recordId, large, refused, replay, where, claims);
    }

    /** Whether what it holds was masked before: a target has refused it, or it was found there. */
    public boolean isMasked() {
        return (replay != null && replay.version() != null) || (reading != null && reading.masked());
    }

    /** Whether the change lacks values, which only the key's history can fill in. */
    public boolean lacksValues() {
        return change.after() != null && change.after().hasUnavailable();
    }

    /** The change without its record. */
    public DecodedChange withoutRaw() {
        return raw == null
                ? this
                : new DecodedChange(change, shard, null, null, large, refused, replay, reading, claims);
    }

    /** The masked change, with what is known of the unmasked one: whether its row was large, and its claims. */
    public DecodedChange masked(ChangeEvent hidden, boolean isLarge, List<String> hashes) {
        return new DecodedChange(hidden, shard, raw, recordId, isLarge, refused, replay, reading, hashes);
    }

    /** The change with its record sealed. */
    public DecodedChange sealed(RawRecord record, String id) {
        return new DecodedChange(change, shard, record, id, large, refused, replay, reading, claims);
    }

    /** The news that this change was refused. */
    public DecodedChange asRefused() {
        return new DecodedChange(change, shard, null, null, large, true, replay, reading, claims);
    }

    /**
     * The dead letter of this change, which still has its record.
     *
     * @param reason why, in a sentence without record contents
     * @param watermarkMillis the watermark, {@link Long#MIN_VALUE} without one
     */
    public DeadLetter refusal(DeadLetterCode code, String reason, long watermarkMillis) {
        RawRecord record = Objects.requireNonNull(raw, "a change that may be refused has its record");
        String id = recordId == null ? record.id() : recordId;
        DeadLetter letter =
                DeadLetters.ofChange(id, record, change, code, reason).at(watermarkMillis);
        return replay == null ? letter : letter.with(replay.letter().review().again());
    }

    /** What is to be told of the dead letter that this change was; empty if it was none. */
    public Optional<DeadLetter> outcome(String what) {
        return replay == null
                ? Optional.empty()
                : Optional.of(replay.letter().with(replay.letter().review().with(what)));
    }
}

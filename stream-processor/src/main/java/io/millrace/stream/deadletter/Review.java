package io.millrace.stream.deadletter;

import org.jspecify.annotations.Nullable;

/**
 * Where a dead letter stands in its review.
 *
 * <pre>
 * NEW ─► DISCARDED
 *  │ ▲
 *  ▼ │ refused again: the next attempt
 * REPLAYED: applied, superseded, duplicate …
 * </pre>
 *
 * @param state where it stands
 * @param attempt how often the record has been refused, from 1
 * @param by who decided; null while nobody has
 * @param atMicros when they did
 * @param note what they noted
 * @param outcome what became of a replay, in one word
 */
public record Review(
        State state,
        int attempt,
        @Nullable String by,
        @Nullable Long atMicros,
        @Nullable String note,
        @Nullable String outcome) {

    /** A record that was refused for the first time. */
    public static final Review FIRST = new Review(State.NEW, 1, null, null, null, null);

    /** A change that was applied although there is something to say about it. */
    public static final Review REPORTED = new Review(State.REPORTED, 1, null, null, null, null);

    /** Where a dead letter stands. */
    public enum State {
        /** Nobody has decided about it. */
        NEW,
        /** It was sent through the job once more. */
        REPLAYED,
        /** Somebody decided that it is not needed. */
        DISCARDED,
        /** It is no dead letter but a report: the change was applied. */
        REPORTED
    }

    /** What became of the replay. */
    public Review with(String what) {
        return new Review(State.REPLAYED, attempt, by, atMicros, note, what);
    }

    /** Refused again. */
    public Review again() {
        return new Review(State.NEW, attempt + 1, by, atMicros, note, null);
    }

    /**
     * Orders what is written about one dead letter: an older state never replaces a newer one in the review index.
     *
     * <p>Of one attempt the refusal comes first, then the outcome of a replay, or a discard.
     */
    public long version() {
        return 4L * attempt + (state == State.NEW || state == State.REPORTED ? 0 : state == State.DISCARDED ? 1 : 2);
    }
}

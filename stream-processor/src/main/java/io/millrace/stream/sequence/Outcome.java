package io.millrace.stream.sequence;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.RowChange;
import java.util.Optional;
import java.util.OptionalLong;

/** What became of a change in the order of its key. Only an applied change alters what is remembered of the key. */
public sealed interface Outcome {

    /**
     * The change is the key's newest.
     *
     * @param change what the targets do
     * @param history what is remembered of the key from now on
     * @param kept the values that are kept with it
     * @param identity what the change is recognised by if it comes again, if it has no position
     */
    record Applied(RowChange change, KeyHistory history, Optional<KeptValues> kept, OptionalLong identity)
            implements Outcome {}

    /** A newer change was applied before this one came. */
    record Superseded() implements Outcome {}

    /** This very change was applied before. */
    record Duplicate() implements Outcome {}

    /**
     * The change cannot be applied and goes to the dead letters.
     *
     * @param code why, for counting and grouping
     * @param reason why, in a sentence without record contents
     */
    record Rejected(DeadLetterCode code, String reason) implements Outcome {}
}

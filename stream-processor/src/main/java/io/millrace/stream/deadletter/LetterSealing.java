package io.millrace.stream.deadletter;

import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.RowKey;
import io.millrace.stream.mask.ChangeMasks;

/** Hides in a dead letter that was made before the mask step what that step would have hidden. */
public final class LetterSealing {
    private final ChangeMasks masks;
    private final RecordSeal seal;

    public LetterSealing(ChangeMasks masks, RecordSeal seal) {
        this.masks = masks;
        this.seal = seal;
    }

    /** The dead letter with its key masked and its record sealed. */
    public DeadLetter seal(DeadLetter letter) {
        RowKey key = letter.key();
        RawRecord raw = letter.raw();
        return letter.with(key == null ? null : masks.mask(key), raw == null ? null : seal.seal(raw));
    }
}

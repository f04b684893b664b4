package io.millrace.stream.decode;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way from decoding to sequencing.
 *
 * @param change the change
 * @param shard the shard it came from, within which event times are near each other
 * @param raw the record it came from, kept only if a later step may have to refuse it: raw bytes on every change would
 *     double what travels between the steps
 */
public record DecodedChange(
        ChangeEvent change, String shard, @Nullable RawRecord raw) {

    /** Keeps the raw record if the change lacks values, which only the key's history can fill in. */
    public static DecodedChange of(ChangeEvent change, RawRecord raw) {
        boolean mayBeRefused = change.after() != null && change.after().hasUnavailable();
        return new DecodedChange(change, raw.shard(), mayBeRefused ? raw : null);
    }
}

package io.millrace.stream.decode;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way from decoding to sequencing.
 *
 * @param change the change
 * @param shard the shard it came from, within which event times are near each other
 * @param raw the record it came from, as long as a later step may have to refuse it
 */
public record DecodedChange(
        ChangeEvent change, String shard, @Nullable RawRecord raw) {

    /** A change with the record that it came from. */
    public static DecodedChange of(ChangeEvent change, RawRecord raw) {
        return new DecodedChange(change, raw.shard(), raw);
    }

    /** Whether the change lacks values, which only the key's history can fill in. */
    public boolean lacksValues() {
        return change.after() != null && change.after().hasUnavailable();
    }

    /** The change alone. */
    public DecodedChange withoutRaw() {
        return raw == null ? this : new DecodedChange(change, shard, null);
    }
}

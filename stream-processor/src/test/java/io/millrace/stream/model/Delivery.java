package io.millrace.stream.model;

import io.millrace.schemas.event.ChangeEvent;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A record as the transport hands it over.
 *
 * @param number names it; the same change delivered again has another one
 * @param kind what it holds
 * @param shard the shard it comes from
 * @param arrivalMillis when the transport took it
 * @param change the change it holds; null if it holds none
 */
public record Delivery(
        int number,
        Kind kind,
        int shard,
        long arrivalMillis,
        @Nullable ChangeEvent change) {

    /** What a record holds. */
    public enum Kind implements Serializable {
        CHANGE,
        CONTROL,
        GARBAGE
    }
}

package io.millrace.schemas.event;

/**
 * What a sequenced change does to its row in every target: the output of the sequence step, and all that sinks see.
 *
 * <p>Every value is known: {@link Unavailable} does not occur in its rows. Of two changes of one key the later one has the
 * greater version.
 */
public sealed interface RowChange {

    RowKey key();

    /** A positive number that grows with every applied change of a key. */
    long version();

    /** When the source committed the change, in microseconds since 1970-01-01T00:00Z. */
    long eventTimeMicros();

    /** The row is now this one, whether or not it was there before. */
    record Upsert(RowKey key, Row row, long version, long eventTimeMicros) implements RowChange {}

    /** The row is gone, if it was there. */
    record Delete(RowKey key, long version, long eventTimeMicros) implements RowChange {}
}

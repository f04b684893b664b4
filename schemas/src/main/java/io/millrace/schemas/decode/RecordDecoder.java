package io.millrace.schemas.decode;

/**
 * Turns the bytes of one format into change events.
 *
 * <p>A decoder never throws for what a record holds: that is {@link Decoding.Rejected}. It throws only for what may pass,
 * such as an unreachable registry, and the caller then tries the same record again. Not safe for use by several threads.
 */
public interface RecordDecoder {

    Decoding decode(RawRecord record);
}

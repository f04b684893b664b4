package io.millrace.capture.publish;

/**
 * The stream of a source, whatever carries it.
 *
 * <p>Every method throws {@link StreamUnavailableException} for what may pass and {@link StreamRefusedException} for what
 * will not.
 */
public interface Destination {

    /**
     * Whether the stream is there and takes records; creates it if it is not there. Call again until it is true.
     *
     * @param shards into how many parts a new stream is divided
     */
    boolean createdAndActive(int shards);

    /** A publisher to the stream, which must be there. */
    Publisher open(Backoff backoff, PublishMeter meter);
}

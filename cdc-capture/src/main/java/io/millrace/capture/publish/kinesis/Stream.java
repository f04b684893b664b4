package io.millrace.capture.publish.kinesis;

import io.millrace.capture.publish.StreamRefusedException;
import io.millrace.capture.publish.StreamUnavailableException;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of Kinesis that publishing needs. Safe for use by several threads.
 *
 * <p>Every method throws {@link StreamUnavailableException} for what may pass and {@link StreamRefusedException} for what
 * will not.
 */
interface Stream {

    /** The open shards. */
    List<Shard> openShards();

    /**
     * Puts entries, each of which may fail by itself.
     *
     * @return one outcome for each entry, in their order
     */
    List<Outcome> put(List<Entry> entries);

    /**
     * One record of a request.
     *
     * @param partitionKey the record's partition key
     * @param explicitHashKey where it goes whatever its partition key says; null to go by the partition key
     * @param data the bytes
     */
    record Entry(String partitionKey, @Nullable BigInteger explicitHashKey, byte[] data) {}

    /** What became of an entry. */
    sealed interface Outcome {

        /**
         * The entry is stored.
         *
         * @param shard the id of the shard that it is stored in
         */
        record Stored(String shard) implements Outcome {}

        /**
         * The entry is not stored and may be later: the shard is over its limits, or failed.
         *
         * @param code Kinesis's error code
         */
        record Rejected(String code) implements Outcome {}
    }
}

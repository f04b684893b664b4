package io.millrace.capture.publish;

import java.math.BigInteger;

/**
 * A change on its way to the stream.
 *
 * @param partitionKey says which changes stay in order: all of one partition key
 * @param hashKey the partition key's place among the shards
 * @param data the payload, not to be changed
 */
public record StreamRecord(String partitionKey, BigInteger hashKey, byte[] data) {

    /** A record whose place follows from its partition key, as consumers of aggregates expect. */
    public static StreamRecord of(String partitionKey, byte[] data) {
        return new StreamRecord(partitionKey, HashKey.of(partitionKey), data);
    }

    /** Names sizes only: row contents do not belong in logs. */
    @Override
    public String toString() {
        return "StreamRecord[" + data.length + " bytes]";
    }
}

package io.millrace.schemas.decode;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A record as the transport delivered it, with the coordinates that find it there again.
 *
 * @param source the pipeline file's name of the source
 * @param stream the stream or topic
 * @param shard the shard or partition
 * @param sequence the sequence number or offset; for a record inside an aggregate, followed by {@code /} and its index
 * @param partitionKey the producer's partition key, if the transport has one
 * @param arrivalMillis when the transport took the record, in milliseconds since 1970-01-01T00:00Z
 * @param data the bytes, not to be changed
 */
public record RawRecord(
        String source,
        String stream,
        String shard,
        String sequence,
        @Nullable String partitionKey,
        long arrivalMillis,
        byte[] data) {

    /**
     * Names the record: its coordinates and, as Kinesis gives all records of an aggregate one sequence number, a hash of its
     * bytes.
     */
    public String id() {
        return source + "/" + shard + "/" + sequence + "/" + hash(data);
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has SHA-256", e);
        }
    }
}

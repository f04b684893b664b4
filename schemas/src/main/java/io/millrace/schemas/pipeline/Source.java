package io.millrace.schemas.pipeline;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A stream of change events, and the database it is captured from if Millrace captures it itself.
 *
 * @param name the source's name in table names and metrics
 * @param format the format of the stream's records
 * @param transport what carries the stream
 * @param stream the stream's name there
 * @param shards how many shards a stream gets that does not exist yet
 * @param database what the capture reads; null if somebody else writes the stream
 */
public record Source(
        String name,
        Format format,
        Transport transport,
        String stream,
        int shards,
        @Nullable Database database) implements Serializable {

    /** The format of a stream's records. */
    public enum Format {
        /** Debezium's envelope in Avro, in the frame of the Glue Schema Registry. */
        DEBEZIUM_AVRO
    }

    /** What carries a stream. */
    public enum Transport {
        KINESIS
    }
}

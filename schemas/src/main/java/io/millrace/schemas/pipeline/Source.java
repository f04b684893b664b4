package io.millrace.schemas.pipeline;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A stream of change events, and the database it is captured from if Millrace captures it itself.
 *
 * @param name the source's name in table names and metrics
 * @param format the format of the stream's records
 * @param transport what carries the stream
 * @param stream the stream's name there; with Kafka, the topic's
 * @param shards how many shards, or partitions, a stream gets that does not exist yet
 * @param beforeImage in DMS records, the field with the row before the change
 * @param inlineSchema whether the capture's records in Debezium's JSON have their schema
 * @param database what the capture reads; null if somebody else writes the stream
 */
public record Source(
        String name,
        Format format,
        Transport transport,
        String stream,
        int shards,
        String beforeImage,
        boolean inlineSchema,
        @Nullable Database database)
        implements Serializable {

    /** A source whose before images, if it has any, are in the field that DMS's documentation gives them. */
    public Source(
            String name, Format format, Transport transport, String stream, int shards, @Nullable Database database) {
        this(name, format, transport, stream, shards, "before-image", false, database);
    }

    /** The format of a stream's records. */
    public enum Format {
        /** Debezium's envelope in Avro, in the frame of the Glue Schema Registry. */
        DEBEZIUM_AVRO,
        /** Debezium's envelope in JSON, with or without Connect's schema in each record. */
        DEBEZIUM_JSON,
        /** What AWS DMS writes to Kinesis and Kafka. */
        DMS_JSON
    }

    /** What carries a stream. */
    public enum Transport {
        KINESIS,
        KAFKA
    }
}

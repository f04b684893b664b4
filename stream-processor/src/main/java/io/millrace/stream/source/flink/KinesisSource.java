package io.millrace.stream.source.flink;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Source;
import java.util.Properties;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.connectors.kinesis.FlinkKinesisConsumer;
import org.apache.flink.streaming.connectors.kinesis.config.AWSConfigConstants;
import org.apache.flink.streaming.connectors.kinesis.config.ConsumerConfigConstants;

/**
 * Reads a Kinesis stream from its oldest record on, and after that from where the last checkpoint was.
 *
 * <p>{@link FlinkKinesisConsumer} is deprecated in favour of a connector that does not split aggregated records; ours are
 * aggregated, which is worth a factor of ten in throughput and price. Credentials come from the AWS SDK's default chain. A
 * server that speaks plain JSON only needs {@code AWS_CBOR_DISABLE=1} in the environment of the task managers.
 */
public final class KinesisSource implements RecordSource {
    private final Connections.Kinesis connection;

    public KinesisSource(Connections.Kinesis connection) {
        this.connection = connection;
    }

    @Override
    @SuppressWarnings("deprecation")
    public DataStream<RawRecord> read(StreamExecutionEnvironment env, Source source) {
        return env.addSource(
                new FlinkKinesisConsumer<>(source.stream(), new RawRecordSchema(source.name()), settings(connection)));
    }

    static Properties settings(Connections.Kinesis connection) {
        Properties settings = new Properties();
        settings.setProperty(AWSConfigConstants.AWS_REGION, connection.region());
        if (connection.endpoint() != null) {
            settings.setProperty(AWSConfigConstants.AWS_ENDPOINT, connection.endpoint());
        }
        settings.setProperty(ConsumerConfigConstants.STREAM_INITIAL_POSITION, "TRIM_HORIZON");
        // Kinesis allows five reads a second and shard, of 10,000 records or 10 MB each.
        settings.setProperty(ConsumerConfigConstants.SHARD_GETRECORDS_INTERVAL_MILLIS, "200");
        settings.setProperty(ConsumerConfigConstants.SHARD_GETRECORDS_MAX, "10000");
        // Asks for as many records as the shard's 2 MB a second allow, by their average size.
        settings.setProperty(ConsumerConfigConstants.SHARD_USE_ADAPTIVE_READS, "true");
        // Rides out a minute of throttling or of no answer before the job starts over.
        settings.setProperty(ConsumerConfigConstants.SHARD_GETRECORDS_RETRIES, "20");
        settings.setProperty(ConsumerConfigConstants.SHARD_GETRECORDS_BACKOFF_MAX, "5000");
        settings.setProperty(ConsumerConfigConstants.SHARD_GETITERATOR_RETRIES, "20");
        settings.setProperty(ConsumerConfigConstants.SHARD_GETITERATOR_BACKOFF_MAX, "5000");
        settings.setProperty(ConsumerConfigConstants.LIST_SHARDS_RETRIES, "20");
        return settings;
    }
}

package io.millrace.stream.source.flink;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Source;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a Kafka topic from its oldest record on, and after that from where the last checkpoint was.
 *
 * <p>Offsets are in Flink's state. They are also committed to Kafka, under a group of the pipeline's own, for whoever watches
 * lags there; nothing is read back.
 */
public final class KafkaRecordSource implements RecordSource {
    private final String pipeline;
    private final Connections.Kafka connection;

    public KafkaRecordSource(String pipeline, Connections.Kafka connection) {
        this.pipeline = pipeline;
        this.connection = connection;
    }

    @Override
    public DataStream<RawRecord> read(StreamExecutionEnvironment env, Source source) {
        KafkaSource<RawRecord> topic = KafkaSource.<RawRecord>builder()
                .setProperties(settings(connection))
                .setBootstrapServers(String.join(",", connection.bootstrapServers()))
                .setGroupId("millrace-" + pipeline + "-" + source.name())
                .setTopics(source.stream())
                .setStartingOffsets(new OldestAndNeverSkip())
                .setDeserializer(new KafkaRecordSchema(source.name()))
                .build();
        // Event time is given behind the decode step, see ShardWatermarks.
        return env.fromSource(topic, WatermarkStrategy.noWatermarks(), "read " + source.name());
    }

    static Properties settings(Connections.Kafka connection) {
        Properties settings = new Properties();
        // A new partition is found soon, and read from its beginning.
        settings.setProperty(KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), "30000");
        // What a producer took back in an aborted transaction has not happened.
        settings.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000");
        settings.putAll(connection.properties());
        return settings;
    }

    /**
     * The oldest record at the first start. A record that the topic has thrown away before it was read is a failure, and not
     * a reason to go on with the next one, which would lose changes without a word.
     */
    private static final class OldestAndNeverSkip implements OffsetsInitializer {
        private static final long serialVersionUID = 1L;

        private final OffsetsInitializer oldest = OffsetsInitializer.earliest();

        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
            return oldest.getPartitionOffsets(partitions, retriever);
        }

        @Override
        public OffsetResetStrategy getAutoOffsetResetStrategy() {
            return OffsetResetStrategy.NONE;
        }
    }
}

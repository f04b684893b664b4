package io.millrace.local.deadletter;

import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.replay.StreamRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The replay stream in Kafka. */
final class KafkaReplayStream implements ReplayStream {
    /** Less than a broker takes by default: a megabyte with all that is around the record. */
    private static final int LARGEST_RECORD = 1_000_000;

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    KafkaReplayStream(Connections.Kafka connection, String topic) {
        this.topic = topic;
        Properties settings = new Properties();
        settings.putAll(connection.properties());
        settings.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", connection.bootstrapServers()));
        settings.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        settings.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(8 << 20));
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void send(List<? extends StreamRequest> requests) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (StreamRequest request : requests) {
            sent.add(producer.send(new ProducerRecord<>(topic, null, request.encode())));
        }
        producer.flush();
        for (Future<RecordMetadata> record : sent) {
            try {
                record.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(
                        "Cannot put records on topic: " + topic + ". Check that Kafka is up", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Cannot go on: interrupted", e);
            }
        }
    }

    @Override
    public int largestRecord() {
        return LARGEST_RECORD;
    }

    @Override
    public void close() {
        producer.close();
    }
}

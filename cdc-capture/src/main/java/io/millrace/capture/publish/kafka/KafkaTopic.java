package io.millrace.capture.publish.kafka;

import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.Destination;
import io.millrace.capture.publish.PublishMeter;
import io.millrace.capture.publish.Publisher;
import io.millrace.capture.publish.StreamUnavailableException;
import io.millrace.schemas.pipeline.Connections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A topic of Kafka. The calls here are few and short; each connects anew. */
public final class KafkaTopic implements Destination {
    /** Kafka's own limit for a topic that does not say. */
    private static final int STANDARD_BATCH_BYTES = 1_048_588;
    /** However much a topic takes: what is larger burdens the memory of all who read it, and goes to storage. */
    private static final int MOST_BATCH_BYTES = 8 << 20;
    /** More than a batch of one record takes beside key and data. */
    private static final int BATCH_OVERHEAD = 512;

    private static final int PACK_BYTES = 256 << 10;
    private static final int CALL_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTopic.class);

    private final Connections.Kafka connection;
    private final String name;

    public KafkaTopic(Connections.Kafka connection, String name) {
        this.connection = connection;
        this.name = name;
    }

    @Override
    public boolean createdAndActive(int shards) {
        try (Admin admin = admin()) {
            await("describe topic", admin.describeTopics(List.of(name)).allTopicNames());
            return true;
        } catch (UnknownTopicOrPartitionException absent) {
            create(shards);
            return false;
        }
    }

    private void create(int partitions) {
        try (Admin admin = admin()) {
            // How often it is replicated is the brokers' to say.
            NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty());
            await("create topic", admin.createTopics(List.of(topic)).all());
            LOG.info("Created topic {} with {} partitions", name, partitions);
        } catch (TopicExistsException another) {
            LOG.debug("Topic {} was created by somebody else", name);
        }
    }

    @Override
    public Publisher open(Backoff backoff, PublishMeter meter) {
        int batchBytes = batchLimit();
        return new KafkaPublisher(
                () -> new KafkaProducer<>(
                        producerSettings(batchBytes), new ByteArraySerializer(), new ByteArraySerializer()),
                name,
                batchBytes - BATCH_OVERHEAD,
                backoff,
                meter);
    }

    /** The largest batch that the topic takes: a record that is larger by itself is refused. */
    private int batchLimit() {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try (Admin admin = admin()) {
            Map<ConfigResource, Config> answer = await(
                    "read settings of topic",
                    admin.describeConfigs(List.of(topic)).all());
            Config settings = Objects.requireNonNull(answer.get(topic), "the answer has the topic that was asked for");
            return Math.min(
                    Integer.parseInt(
                            settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value()),
                    MOST_BATCH_BYTES);
        } catch (AuthorizationException mayNotAsk) {
            LOG.warn(
                    "May not read the settings of topic {}: taking its record limit for the standard one, {} bytes",
                    name,
                    STANDARD_BATCH_BYTES);
            return STANDARD_BATCH_BYTES;
        }
    }

    private Admin admin() {
        Properties settings = settings();
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CALL_MILLIS);
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, CALL_MILLIS / 2);
        return connected(() -> Admin.create(settings));
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.putAll(connection.properties());
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, String.join(",", connection.bootstrapServers()));
        return settings;
    }

    /** Whatever the pipeline file says: acknowledged by all replicas, no gap and no swap within a partition. */
    private Properties producerSettings(int batchBytes) {
        Properties settings = settings();
        settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, Math.min(PACK_BYTES, batchBytes));
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(batchBytes, 1 << 20));
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        settings.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        // A batch that were given up would let those behind it overtake.
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, CALL_MILLIS);
        return settings;
    }

    private <T> T connected(Supplier<T> client) {
        try {
            return client.get();
        } catch (KafkaException e) {
            throw KafkaFailures.of("connect to Kafka for topic " + name, e);
        }
    }

    /** Waits for an answer. What callers tell apart is thrown as it is, the rest by whether it may pass. */
    private <T> T await(String act, KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamUnavailableException("Cannot " + act + " " + name + ": interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UnknownTopicOrPartitionException
                    || cause instanceof TopicExistsException
                    || cause instanceof AuthorizationException) {
                throw (KafkaException) cause;
            }
            throw KafkaFailures.of(act + " " + name, cause);
        }
    }
}

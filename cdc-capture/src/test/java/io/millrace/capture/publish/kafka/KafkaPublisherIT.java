package io.millrace.capture.publish.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.PublishMeter;
import io.millrace.capture.publish.Publisher;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.capture.publish.StreamRefusedException;
import io.millrace.capture.publish.StreamUnavailableException;
import io.millrace.local.kafka.KafkaServer;
import io.millrace.schemas.pipeline.Connections;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The publisher to Kafka on a real broker. */
class KafkaPublisherIT {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(10), Duration.ofMillis(200));
    private static final long SEED = Long.getLong("seed", 7);

    @TempDir
    private Path data;

    private final AtomicInteger acknowledged = new AtomicInteger();
    private int port;
    private int controllerPort;
    private AutoCloseable broker;

    @BeforeEach
    void start() throws Exception {
        port = freePort();
        controllerPort = freePort();
        broker = serve();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void everyRecordArrivesInTheOrderOfItsKeyAlthoughTheBrokerRestarts() throws Exception {
        KafkaTopic topic = topic("orders");
        awaitCreated(topic, 3);
        List<StreamRecord> records = records(20_000);
        CompletableFuture<Void> publishing;
        try (Publisher publisher = topic.open(BACKOFF, meter())) {
            publishing = CompletableFuture.runAsync(() -> {
                for (int from = 0; from < records.size(); from += 200) {
                    publish(publisher, records.subList(from, from + 200));
                }
            });
            for (int restart = 1; restart <= 2; restart++) {
                int until = restart * 5_000;
                while (acknowledged.get() < until && !publishing.isDone()) {
                    Thread.sleep(5);
                }
                broker.close();
                broker = serve();
            }
            publishing.get();
        }

        List<ConsumerRecord<String, byte[]>> stored = consume("orders");

        assertThat(stored.stream().map(ConsumerRecord::partition).distinct()).hasSize(3);
        assertInOrder(records, stored);
    }

    @Test
    void recordLimitIsThatOfTheTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address()))) {
            admin.createTopics(
                            List.of(new NewTopic("small", 1, (short) 1).configs(Map.of("max.message.bytes", "20000"))))
                    .all()
                    .get();
        }
        try (Publisher publisher = topic("small").open(BACKOFF, meter())) {
            String key = "k".repeat(200);
            byte[] noise = new byte[publisher.recordLimit() - key.length()];
            new Random(SEED).nextBytes(noise);

            publisher.publish(List.of(new StreamRecord(key, noise)));

            assertThat(consume("small"))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).isEqualTo(noise));
            assertThat(publisher.recordLimit()).isBetween(19_000, 20_000);
        }
    }

    @Test
    void whatTheTopicRefusesEndsThePublishing() throws Exception {
        KafkaTopic topic = topic("shrinking");
        awaitCreated(topic, 1);
        try (Publisher publisher = topic.open(BACKOFF, meter())) {
            byte[] tooLarge = new byte[publisher.recordLimit() + 2_000_000];

            assertThatThrownBy(() -> publisher.publish(
                            List.of(new StreamRecord("a", tooLarge), new StreamRecord("a", new byte[] {1}))))
                    .isInstanceOf(StreamRefusedException.class)
                    .hasMessageMatching("Cannot put records on topic shrinking: The message is .* larger than .*");
        }
        assertThat(consume("shrinking")).isEmpty();
    }

    @Test
    void aBrokerThatIsAwayIsWaitedFor() throws Exception {
        broker.close();
        assertThatThrownBy(() -> topic("orders").createdAndActive(1)).isInstanceOf(StreamUnavailableException.class);

        broker = serve();
        awaitCreated(topic("orders"), 1);
    }

    private void publish(Publisher publisher, List<StreamRecord> records) {
        try {
            publisher.publish(records);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keys drawn at random; the payload counts the records of its key, and has a length of its own. */
    private static List<StreamRecord> records(int count) {
        Random random = new Random(SEED);
        Map<String, Integer> numbers = new HashMap<>();
        List<StreamRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "shop.public.item|ü" + random.nextInt(50);
            int number = numbers.merge(key, 1, Integer::sum);
            int length = random.nextInt(200) == 0 ? 100_000 : random.nextInt(500);
            records.add(new StreamRecord(
                    key, ByteBuffer.allocate(4 + length).putInt(number).array()));
        }
        return records;
    }

    /** Repeats are allowed; a number may only be seen when all before it have been. */
    private static void assertInOrder(List<StreamRecord> sent, List<ConsumerRecord<String, byte[]>> stored) {
        Map<String, Integer> reached = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : stored) {
            int number = ByteBuffer.wrap(record.value()).getInt();
            int before = reached.getOrDefault(record.key(), 0);
            assertThat(number).as("next of %s, seed %d", record.key(), SEED).isLessThanOrEqualTo(before + 1);
            reached.put(record.key(), Math.max(before, number));
        }
        Map<String, Integer> last = new HashMap<>();
        sent.forEach(record -> last.merge(record.partitionKey(), 1, Integer::sum));
        assertThat(reached).as("seed %d", SEED).isEqualTo(last);
    }

    private List<ConsumerRecord<String, byte[]>> consume(String name) {
        Map<String, Object> settings = Map.of("bootstrap.servers", address());
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(name).stream()
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Set<TopicPartition> open = new HashSet<>(partitions);
            while (true) {
                open.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
                if (open.isEmpty()) {
                    return records;
                }
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
        }
    }

    private PublishMeter meter() {
        return new PublishMeter() {
            @Override
            public void published(int records, int bytes) {
                acknowledged.addAndGet(records);
            }

            @Override
            public void retried() {}
        };
    }

    private KafkaTopic topic(String name) {
        return new KafkaTopic(new Connections.Kafka(List.of(address()), Map.of()), name);
    }

    private static void awaitCreated(KafkaTopic topic, int partitions) throws InterruptedException {
        while (!topic.createdAndActive(partitions)) {
            Thread.sleep(50);
        }
    }

    private String address() {
        return "127.0.0.1:" + port;
    }

    private AutoCloseable serve() throws Exception {
        KafkaServer server = new KafkaServer();
        new CommandLine(server).parseArgs("--port=" + port, "--controller-port=" + controllerPort, "--data=" + data);
        return server.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }
}

package io.millrace.stream.source.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Source;
import io.millrace.stream.LocalBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source that reads Kafka, on a real broker. */
class KafkaRecordSourceIT {

    @TempDir
    private Path folder;

    private LocalBroker broker;
    private KafkaProducer<String, String> producer;

    @BeforeEach
    void start() throws Exception {
        broker = new LocalBroker(folder.resolve("kafka"), "orders:3");
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.address()), new StringSerializer(), new StringSerializer());
    }

    @AfterEach
    void stop() throws Exception {
        producer.close();
        broker.close();
    }

    @Test
    void recordsHaveTheirCoordinatesAndKeepTheOrderOfTheirKey() throws Exception {
        for (int i = 0; i < 300; i++) {
            send("key-" + i % 7, String.valueOf(i));
        }
        send("key-0", null);
        send("key-0", "last");

        List<RawRecord> records;
        try (CloseableIterator<RawRecord> all =
                source(environment(new Configuration())).executeAndCollect()) {
            records = take(301, all);
        }

        Map<String, Integer> reached = new HashMap<>();
        Map<String, String> shards = new HashMap<>();
        for (RawRecord record : records) {
            String text = new String(record.data(), StandardCharsets.UTF_8);
            assertThat(record.source()).isEqualTo("shop");
            assertThat(record.stream()).isEqualTo("orders");
            assertThat(record.arrivalMillis()).isPositive();
            assertThat(shards.merge(String.valueOf(record.partitionKey()), record.shard(), (a, b) -> b))
                    .isEqualTo(record.shard());
            int number = text.equals("last") ? 1000 : Integer.parseInt(text);
            assertThat(reached.put(String.valueOf(record.partitionKey()), number))
                    .satisfiesAnyOf(
                            before -> assertThat(before).isNull(),
                            before -> assertThat(before).isLessThan(number));
        }
        assertThat(reached).hasSize(7).containsEntry("key-0", 1000);
    }

    /** Going on with the next record that is left would lose the others without a word. */
    @Test
    void recordsThatAreGoneBeforeTheyWereReadFailTheJob() throws Exception {
        sendMany("key", 30);
        String savepoint = stopAfter(30);
        sendMany("key", 30);
        truncate(45);
        Configuration restored = new Configuration();
        restored.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        restored.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);

        StreamExecutionEnvironment env = environment(restored);
        source(env).sinkTo(new DiscardingSink<>());
        JobClient job = env.executeAsync();

        assertThatThrownBy(() -> job.getJobExecutionResult().get(1, TimeUnit.MINUTES))
                .hasStackTraceContaining("OutOfRange");
    }

    private String stopAfter(int count) throws Exception {
        StreamExecutionEnvironment env = environment(new Configuration());
        CloseableIterator<RawRecord> records = source(env).collectAsync();
        JobClient job = env.executeAsync();
        take(count, records);
        String directory = folder.resolve("savepoints").toUri().toString();
        return job.stopWithSavepoint(false, directory, SavepointFormatType.CANONICAL)
                .get();
    }

    private static List<RawRecord> take(int count, CloseableIterator<RawRecord> records) {
        List<RawRecord> taken = new ArrayList<>();
        while (taken.size() < count) {
            taken.add(records.next());
        }
        return taken;
    }

    private DataStream<RawRecord> source(StreamExecutionEnvironment env) {
        Connections.Kafka connection = new Connections.Kafka(List.of(broker.address()), Map.of());
        Source source = new Source("shop", Source.Format.DEBEZIUM_AVRO, Source.Transport.KAFKA, "orders", 3, null);
        return ((SingleOutputStreamOperator<RawRecord>) new KafkaRecordSource("test", connection).read(env, source))
                .uid("source");
    }

    private static StreamExecutionEnvironment environment(Configuration settings) {
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return StreamExecutionEnvironment.createLocalEnvironment(2, settings);
    }

    private void sendMany(String key, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            send(key, String.valueOf(i));
        }
    }

    private void send(String key, @Nullable String value) throws Exception {
        producer.send(new ProducerRecord<>("orders", key, value)).get();
    }

    private void truncate(long before) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            int partition = producer.partitionsFor("orders").size() - 1;
            for (; partition >= 0; partition--) {
                TopicPartition name = new TopicPartition("orders", partition);
                long end = admin.listOffsets(Map.of(name, OffsetSpec.latest()))
                        .partitionResult(name)
                        .get()
                        .offset();
                admin.deleteRecords(Map.of(name, RecordsToDelete.beforeOffset(Math.min(before, end))))
                        .all()
                        .get();
            }
        }
    }
}

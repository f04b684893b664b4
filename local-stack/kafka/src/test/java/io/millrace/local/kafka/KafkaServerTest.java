package io.millrace.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.process.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KafkaServerTest {

    @TempDir
    private Path data;

    private int port;
    private int controllerPort;

    @BeforeEach
    void choosePorts() throws IOException {
        port = freePort();
        controllerPort = freePort();
    }

    @Test
    void topicsAndRecordsSurviveARestart() throws Exception {
        try (AutoCloseable server = serve("orders:3");
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(client(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", 2, "key", "value")).get();
        }

        try (AutoCloseable server = serve("orders:3", "returns:1");
                Admin admin = Admin.create(client());
                KafkaConsumer<String, String> consumer =
                        new KafkaConsumer<>(client(), new StringDeserializer(), new StringDeserializer())) {
            assertThat(admin.listTopics().names().get()).contains("orders", "returns");
            TopicPartition partition = new TopicPartition("orders", 2);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));

            assertThat(consumer.poll(Duration.ofSeconds(20)))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).isEqualTo("value"));
        }
    }

    @Test
    void aTakenPortStopsTheStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            controllerPort = taken.getLocalPort();

            assertThatThrownBy(() -> serve())
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining("port " + controllerPort);
        }
    }

    private AutoCloseable serve(String... topics) throws Exception {
        KafkaServer command = new KafkaServer();
        CommandLine line = new CommandLine(command);
        line.parseArgs(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "--port=" + port, "--controller-port=" + controllerPort, "--data=" + data),
                        java.util.Arrays.stream(topics).map(topic -> "--topic=" + topic))
                .toArray(String[]::new));
        return command.start();
    }

    private Properties client() {
        Properties settings = new Properties();
        settings.putAll(Map.of("bootstrap.servers", "127.0.0.1:" + port));
        return settings;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }
}

package io.millrace.local.kafka;

import io.millrace.local.process.CannotStart;
import io.millrace.local.process.LocalPort;
import io.millrace.local.process.ServerCommand;
import io.millrace.local.process.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.utils.Time;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kafka's process: one broker that is its own controller. */
@Command(name = "kafka")
public final class KafkaServer implements ServerCommand {

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--controller-port", required = true)
    private int controllerPort;

    @Option(names = "--data", required = true)
    private Path data;

    @Option(names = "--topic", description = "NAME:PARTITIONS, a topic that exists from the start.")
    private List<String> topics = List.of();

    public static void main(String[] args) {
        ServerProcess.main(new KafkaServer(), args);
    }

    @Override
    public String title() {
        return "Kafka";
    }

    @Override
    public AutoCloseable start() throws Exception {
        LocalPort.requireFree(title(), port);
        LocalPort.requireFree(title(), controllerPort);
        BrokerFiles files = new BrokerFiles(Files.createDirectories(data).toAbsolutePath());
        files.formatOnce();
        KafkaRaftServer server =
                new KafkaRaftServer(new KafkaConfig(files.settings(port, controllerPort)), Time.SYSTEM);
        server.startup();
        createMissingTopics();
        return () -> {
            server.shutdown();
            server.awaitShutdown();
        };
    }

    private void createMissingTopics() throws CannotStart, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            var known = admin.listTopics().names().get();
            List<NewTopic> missing = new ArrayList<>();
            for (String topic : topics) {
                int colon = topic.lastIndexOf(':');
                String name = topic.substring(0, colon);
                if (!known.contains(name)) {
                    int partitions = Integer.parseInt(topic.substring(colon + 1));
                    missing.add(new NewTopic(name, Optional.of(partitions), Optional.empty()));
                }
            }
            admin.createTopics(missing).all().get();
        } catch (ExecutionException e) {
            throw new CannotStart("Cannot create topics: " + e.getMessage(), e);
        }
    }
}

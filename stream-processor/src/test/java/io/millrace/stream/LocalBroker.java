package io.millrace.stream;

import io.millrace.local.kafka.KafkaServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** A real Kafka broker in this process. */
public final class LocalBroker implements AutoCloseable {
    private final int port = freePort();
    private final AutoCloseable broker;

    /**
     * Starts the broker.
     *
     * @param data where it keeps its records
     * @param topics what it has from the start, each {@code name:partitions}
     */
    public LocalBroker(Path data, String... topics) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("--port=" + port, "--controller-port=" + freePort(), "--data=" + data));
        for (String topic : topics) {
            arguments.add("--topic=" + topic);
        }
        KafkaServer server = new KafkaServer();
        new CommandLine(server).parseArgs(arguments.toArray(String[]::new));
        broker = server.start();
    }

    /** Its bootstrap address. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() throws Exception {
        broker.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot find a free port", e);
        }
    }
}

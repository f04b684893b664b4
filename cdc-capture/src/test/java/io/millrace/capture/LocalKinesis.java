package io.millrace.capture;

import io.millrace.schemas.pipeline.Connections;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.kinesis.clientlibrary.types.UserRecord;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.kinesis.model.Record;
import org.awaitility.Awaitility;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** The local stack's Kinesis as its own process, and a consumer that unpacks aggregates as Flink does. */
final class LocalKinesis implements AutoCloseable {
    private final Process process;
    private final int port;
    private final KinesisClient client;

    /** A record as a consumer sees it. */
    record Consumed(String shard, String partitionKey, byte[] data, long arrivalMillis) {}

    private LocalKinesis(Process process, int port) {
        this.process = process;
        this.port = port;
        this.client = AwsClients.kinesis(connection());
        // A test run that is cut off leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    static LocalKinesis start(Path data) throws IOException, InterruptedException {
        Path home = Path.of("..", "local-stack", "kinesis").toRealPath();
        run(home, data, "sh", "install.sh").waitFor();
        int port = freePort();
        LocalKinesis kinesis = new LocalKinesis(
                run(home, data, "node", "server.js", "--port", String.valueOf(port), "--data", data.toString()), port);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(SdkException.class)
                .until(() -> {
                    kinesis.client.listStreams();
                    return true;
                });
        return kinesis;
    }

    private static Process run(Path home, Path data, String... command) throws IOException {
        Files.createDirectories(data);
        return new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling("kinesis.log").toFile()))
                .start();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Connections.Kinesis connection() {
        return new Connections.Kinesis("us-east-1", "http://127.0.0.1:" + port);
    }

    KinesisClient client() {
        return client;
    }

    /** A consumer of a stream from its beginning. */
    Tail tail(String stream) {
        return new Tail(stream);
    }

    /** Reads a stream shard by shard; aggregates are unpacked by Flink's own code. */
    final class Tail {
        private final String stream;
        private final Map<Shard, String> iterators = new LinkedHashMap<>();

        private Tail(String stream) {
            this.stream = stream;
        }

        /** What has arrived since the last call, as far as one request a shard brings it. */
        List<Consumed> poll() {
            if (iterators.isEmpty()) {
                client.listShards(request -> request.streamName(stream))
                        .shards()
                        .forEach(shard -> iterators.put(
                                shard,
                                client.getShardIterator(request -> request.streamName(stream)
                                                .shardId(shard.shardId())
                                                .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                                        .shardIterator()));
            }
            List<Consumed> arrived = new ArrayList<>();
            iterators.replaceAll((shard, iterator) -> {
                GetRecordsResponse page = client.getRecords(request -> request.shardIterator(iterator));
                for (UserRecord record : unpack(page, shard)) {
                    byte[] data = new byte[record.getData().remaining()];
                    record.getData().get(data);
                    arrived.add(new Consumed(
                            shard.shardId(),
                            record.getPartitionKey(),
                            data,
                            record.getApproximateArrivalTimestamp().getTime()));
                }
                return page.nextShardIterator();
            });
            return arrived;
        }
    }

    private static List<UserRecord> unpack(GetRecordsResponse page, Shard shard) {
        List<Record> records = page.records().stream()
                .map(record -> new Record()
                        .withSequenceNumber(record.sequenceNumber())
                        .withPartitionKey(record.partitionKey())
                        .withApproximateArrivalTimestamp(java.util.Date.from(record.approximateArrivalTimestamp()))
                        .withData(record.data().asByteBuffer()))
                .toList();
        return UserRecord.deaggregate(
                records,
                new BigInteger(shard.hashKeyRange().startingHashKey()),
                new BigInteger(shard.hashKeyRange().endingHashKey()));
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}

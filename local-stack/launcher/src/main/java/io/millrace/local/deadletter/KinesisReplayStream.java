package io.millrace.local.deadletter;

import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.replay.StreamRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.KinesisClientBuilder;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/** The replay stream in Kinesis. */
final class KinesisReplayStream implements ReplayStream {
    /** PutRecords takes 500 records and 5 MB. */
    private static final int MOST_RECORDS = 500;

    private static final int MOST_BYTES = 4 << 20;
    private static final int LARGEST_RECORD = (1 << 20) - 256;
    private static final int TRIES = 20;

    private final String stream;
    private final KinesisClient client;

    KinesisReplayStream(Connections.Kinesis connection, String stream, @Nullable Credentials credentials) {
        this.stream = stream;
        KinesisClientBuilder builder = KinesisClient.builder()
                .region(Region.of(connection.region()))
                .httpClientBuilder(UrlConnectionHttpClient.builder());
        if (connection.endpoint() != null) {
            // Kinesis on one machine speaks plain JSON only.
            System.setProperty("aws.cborEnabled", "false");
            builder.endpointOverride(URI.create(connection.endpoint()));
        }
        if (credentials != null) {
            builder.credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(credentials.accessKey(), credentials.secretKey())));
        }
        client = builder.build();
    }

    @Override
    public void send(List<? extends StreamRequest> requests) {
        List<PutRecordsRequestEntry> batch = new ArrayList<>();
        int bytes = 0;
        for (StreamRequest request : requests) {
            byte[] data = request.encode();
            if (data.length > LARGEST_RECORD) {
                throw new IllegalArgumentException("Cannot put record on stream: the one of " + request.name() + " has "
                        + data.length + " bytes, more than a Kinesis record. Change the row in the source instead");
            }
            if (batch.size() == MOST_RECORDS || bytes + data.length > MOST_BYTES) {
                put(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            bytes += data.length;
            batch.add(PutRecordsRequestEntry.builder()
                    .data(SdkBytes.fromByteArrayUnsafe(data))
                    .partitionKey(Integer.toHexString(Arrays.hashCode(data)))
                    .build());
        }
        put(batch);
    }

    private void put(List<PutRecordsRequestEntry> entries) {
        List<PutRecordsRequestEntry> left = entries;
        for (int tries = 1; !left.isEmpty(); tries++) {
            List<PutRecordsRequestEntry> sent = left;
            PutRecordsResponse answer =
                    client.putRecords(request -> request.streamName(stream).records(sent));
            List<PutRecordsRequestEntry> refused = new ArrayList<>();
            for (int i = 0; i < sent.size(); i++) {
                if (answer.records().get(i).errorCode() != null) {
                    refused.add(sent.get(i));
                }
            }
            if (tries == TRIES && !refused.isEmpty()) {
                throw new IllegalStateException("Cannot put records on stream: " + stream + " refuses " + refused.size()
                        + " of them again and again. Try again later");
            }
            if (!refused.isEmpty()) {
                pause(tries);
            }
            left = refused;
        }
    }

    private static void pause(int tries) {
        try {
            Thread.sleep(Math.min(2000, 100L * tries));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot go on: interrupted", e);
        }
    }

    @Override
    public int largestRecord() {
        return LARGEST_RECORD;
    }

    @Override
    public void close() {
        client.close();
    }
}

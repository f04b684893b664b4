package io.millrace.local.endtoend;

import io.millrace.local.stack.Endpoints;
import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** Puts records on shards of choice, each shard's in their order. */
final class Shards implements AutoCloseable {
    private static final int MOST_RECORDS = 400;
    private static final BigInteger LAST_HASH = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    private final KinesisClient kinesis;

    /**
     * A record.
     *
     * @param shard 0 for the first shard of the stream, else its last one
     */
    record Placed(String stream, int shard, byte[] data) {}

    Shards(Endpoints endpoints) {
        kinesis = client(endpoints);
    }

    static KinesisClient client(Endpoints endpoints) {
        // Kinesis on one machine speaks plain JSON only.
        System.setProperty("aws.cborEnabled", "false");
        return KinesisClient.builder()
                .region(Region.of(endpoints.credentials().region()))
                .endpointOverride(URI.create(endpoints.component("kinesis").address()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        endpoints.credentials().accessKey(),
                        endpoints.credentials().secretKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    void put(List<Placed> records) {
        records.stream().map(Placed::stream).distinct().forEach(stream -> {
            List<PutRecordsRequestEntry> entries = records.stream()
                    .filter(record -> record.stream().equals(stream))
                    .map(record -> PutRecordsRequestEntry.builder()
                            .partitionKey("model")
                            .explicitHashKey(record.shard() == 0 ? "0" : LAST_HASH.toString())
                            .data(SdkBytes.fromByteArray(record.data()))
                            .build())
                    .toList();
            for (int from = 0; from < entries.size(); from += MOST_RECORDS) {
                List<PutRecordsRequestEntry> some =
                        entries.subList(from, Math.min(entries.size(), from + MOST_RECORDS));
                int failed = kinesis.putRecords(put -> put.streamName(stream).records(some))
                        .failedRecordCount();
                if (failed > 0) {
                    throw new AssertionError(failed + " records were not taken by stream " + stream);
                }
            }
        });
    }

    @Override
    public void close() {
        kinesis.close();
    }
}

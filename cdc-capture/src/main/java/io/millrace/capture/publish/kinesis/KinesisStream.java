package io.millrace.capture.publish.kinesis;

import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.Destination;
import io.millrace.capture.publish.PublishMeter;
import io.millrace.capture.publish.Publisher;
import io.millrace.capture.publish.StreamRefusedException;
import io.millrace.capture.publish.StreamUnavailableException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** A stream of AWS Kinesis. */
public final class KinesisStream implements Stream, Destination {
    private final KinesisClient client;
    private final String name;

    public KinesisStream(KinesisClient client, String name) {
        this.client = client;
        this.name = name;
    }

    @Override
    public boolean createdAndActive(int shardCount) {
        try {
            StreamStatus status = client.describeStreamSummary(request -> request.streamName(name))
                    .streamDescriptionSummary()
                    .streamStatus();
            return status == StreamStatus.ACTIVE || status == StreamStatus.UPDATING;
        } catch (ResourceNotFoundException e) {
            try {
                client.createStream(request -> request.streamName(name).shardCount(shardCount));
                return false;
            } catch (SdkException cannotCreate) {
                throw failure("create stream", cannotCreate);
            }
        } catch (SdkException e) {
            throw failure("describe stream", e);
        }
    }

    @Override
    public Publisher open(Backoff backoff, PublishMeter meter) {
        return new ShardedPublisher(this, backoff, meter);
    }

    @Override
    public List<Shard> openShards() {
        List<Shard> open = new ArrayList<>();
        ListShardsRequest request = ListShardsRequest.builder().streamName(name).build();
        try {
            while (true) {
                ListShardsResponse page = client.listShards(request);
                page.shards().stream()
                        .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
                        .map(shard -> new Shard(
                                shard.shardId(),
                                new BigInteger(shard.hashKeyRange().startingHashKey()),
                                new BigInteger(shard.hashKeyRange().endingHashKey())))
                        .forEach(open::add);
                if (page.nextToken() == null) {
                    return open;
                }
                request =
                        ListShardsRequest.builder().nextToken(page.nextToken()).build();
            }
        } catch (SdkException e) {
            throw failure("list shards of", e);
        }
    }

    @Override
    public List<Outcome> put(List<Entry> entries) {
        try {
            return client
                    .putRecords(request -> request.streamName(name)
                            .records(
                                    entries.stream().map(KinesisStream::request).toList()))
                    .records()
                    .stream()
                    .map(KinesisStream::outcome)
                    .toList();
        } catch (SdkException e) {
            throw failure("put records on", e);
        }
    }

    private static PutRecordsRequestEntry request(Entry entry) {
        BigInteger place = entry.explicitHashKey();
        return PutRecordsRequestEntry.builder()
                .partitionKey(entry.partitionKey())
                .explicitHashKey(place == null ? null : place.toString())
                .data(SdkBytes.fromByteArrayUnsafe(entry.data()))
                .build();
    }

    private static Outcome outcome(PutRecordsResultEntry result) {
        return result.errorCode() == null
                ? new Outcome.Stored(result.shardId())
                : new Outcome.Rejected(result.errorCode());
    }

    /** Throttling, server errors and everything on the way there pass; what the request itself is blamed for does not. */
    private RuntimeException failure(String act, SdkException e) {
        String message = "Cannot " + act + " " + name + ": " + reason(e);
        boolean passes = e instanceof SdkClientException
                || (e instanceof AwsServiceException service
                        && (service.statusCode() >= 500 || service.isThrottlingException()))
                || e.retryable();
        return passes ? new StreamUnavailableException(message, e) : new StreamRefusedException(message, e);
    }

    private static String reason(SdkException e) {
        return e instanceof AwsServiceException service && service.awsErrorDetails() != null
                ? service.awsErrorDetails().errorCode() + ": "
                        + service.awsErrorDetails().errorMessage()
                : String.valueOf(e.getMessage());
    }
}

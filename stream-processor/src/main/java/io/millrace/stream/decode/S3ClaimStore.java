package io.millrace.stream.decode;

import io.millrace.schemas.decode.ClaimCheck;
import io.millrace.schemas.pipeline.Connections;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Claim checks in S3; connects with the first one. Credentials come from the AWS SDK's default chain. */
public final class S3ClaimStore implements ClaimStore {
    private final Connections.Storage storage;
    private @Nullable S3Client client;

    public S3ClaimStore(Connections.Storage storage) {
        this.storage = storage;
    }

    @Override
    public Optional<byte[]> fetch(ClaimCheck claim) {
        URI location = URI.create(claim.location());
        try {
            ResponseBytes<GetObjectResponse> object = client().getObjectAsBytes(get ->
                    get.bucket(location.getHost()).key(location.getPath().substring(1)));
            return Optional.of(object.asByteArrayUnsafe());
        } catch (NoSuchKeyException | NoSuchBucketException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw new ClaimStoreUnavailableException("Cannot fetch claim: " + location, e);
        }
    }

    private S3Client client() {
        S3Client connected = client;
        if (connected == null) {
            S3ClientBuilder builder = S3Client.builder()
                    .region(Region.of(storage.region()))
                    .httpClientBuilder(ApacheHttpClient.builder());
            if (storage.endpoint() != null) {
                // Servers at an address of their own seldom have a host name for every bucket.
                builder.endpointOverride(URI.create(storage.endpoint())).forcePathStyle(true);
            }
            connected = builder.build();
            client = connected;
        }
        return connected;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}

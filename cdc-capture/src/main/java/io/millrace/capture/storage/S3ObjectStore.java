package io.millrace.capture.storage;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Objects in S3 under one location. */
public final class S3ObjectStore implements ObjectStore {
    private final S3Client client;
    private final String bucket;
    private final String prefix;

    /**
     * Objects under a location.
     *
     * @param location {@code s3://bucket/prefix}
     */
    public S3ObjectStore(S3Client client, String location) {
        this.client = client;
        String path = location.replaceFirst("^s3[an]?://", "");
        int slash = path.indexOf('/');
        this.bucket = slash < 0 ? path : path.substring(0, slash);
        String rest = slash < 0 ? "" : path.substring(slash + 1).replaceFirst("/+$", "");
        this.prefix = rest.isEmpty() ? "" : rest + "/";
    }

    @Override
    public byte @Nullable [] read(String name) {
        try {
            return client.getObjectAsBytes(request -> request.bucket(bucket).key(prefix + name))
                    .asByteArrayUnsafe();
        } catch (NoSuchKeyException e) {
            return null;
        } catch (SdkException e) {
            throw new StorageException("Cannot read " + address(name) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void write(String name, byte[] content) {
        try {
            client.putObject(request -> request.bucket(bucket).key(prefix + name), RequestBody.fromBytes(content));
        } catch (SdkException e) {
            throw new StorageException("Cannot write " + address(name) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String address(String name) {
        return "s3://" + bucket + "/" + prefix + name;
    }
}

package io.millrace.capture;

import io.millrace.schemas.pipeline.Connections;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.KinesisClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes clients of AWS, or of servers that stand in for it at another endpoint. */
final class AwsClients {

    private AwsClients() {}

    /** A client that tries each request once: who publishes has to know what failed, and to keep the order. */
    static KinesisClient kinesis(Connections.Kinesis connection) {
        if (connection.endpoint() != null) {
            // Stand-ins speak JSON only.
            System.setProperty("aws.cborEnabled", "false");
        }
        KinesisClientBuilder builder = KinesisClient.builder()
                .region(Region.of(connection.region()))
                .httpClient(http())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .apiCallAttemptTimeout(Duration.ofSeconds(15))
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .build());
        if (connection.endpoint() != null) {
            builder.endpointOverride(URI.create(connection.endpoint()));
        }
        return builder.build();
    }

    static S3Client s3(Connections.Storage connection) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(connection.region()))
                .httpClient(http())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(RetryMode.STANDARD)
                        .build());
        if (connection.endpoint() != null) {
            builder.endpointOverride(URI.create(connection.endpoint()))
                    .forcePathStyle(true)
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
        }
        return builder.build();
    }

    private static SdkHttpClient http() {
        return ApacheHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(5))
                .socketTimeout(Duration.ofSeconds(20))
                .build();
    }
}

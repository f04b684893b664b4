package io.millrace.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ServerTest {

    @TempDir
    private Path data;

    private int port;
    private AutoCloseable server;

    @BeforeEach
    void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        server = serve();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void objectsSurviveARestart() throws Exception {
        try (S3Client client = client("millrace-local")) {
            client.putObject(request -> request.bucket("millrace").key("a/b"), RequestBody.fromString("text"));
        }
        server.close();

        server = serve();

        try (S3Client client = client("millrace-local")) {
            assertThat(client.getObjectAsBytes(
                                    request -> request.bucket("millrace").key("a/b"))
                            .asUtf8String())
                    .isEqualTo("text");
        }
    }

    @Test
    void aWrongSecretIsRefused() {
        try (S3Client client = client("wrong")) {
            assertThatThrownBy(() -> client.listObjectsV2(request -> request.bucket("millrace")))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            refused -> assertThat(refused.statusCode()).isEqualTo(403));
        }
    }

    private AutoCloseable serve() throws Exception {
        S3Server command = new S3Server();
        new CommandLine(command)
                .parseArgs("--port", Integer.toString(port), "--data", data.toString(), "--bucket", "millrace");
        return command.start();
    }

    private S3Client client(String secret) {
        return S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("millrace", secret)))
                .build();
    }
}

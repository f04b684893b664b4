package io.millrace.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
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

    @Test
    void aRequestThatWasOnItsWayWhileTheMachineSleptIsServed() throws Exception {
        Clock whenItFellAsleep = Clock.offset(Clock.systemUTC(), Duration.ofHours(-9));
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.HEAD)
                .uri(URI.create("http://127.0.0.1:" + port + "/millrace/nothing"))
                .build();
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(AwsBasicCredentials.create("millrace", "millrace-local"))
                        .request(request)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(HttpSigner.SIGNING_CLOCK, whenItFellAsleep))
                .request();
        HttpRequest.Builder sent =
                HttpRequest.newBuilder(signed.getUri()).method("HEAD", HttpRequest.BodyPublishers.noBody());
        signed.forEachHeader((name, values) -> {
            if (!name.equals("Host")) {
                values.forEach(value -> sent.header(name, value));
            }
        });

        HttpResponse<Void> answer =
                HttpClient.newHttpClient().send(sent.build(), HttpResponse.BodyHandlers.discarding());

        assertThat(answer.statusCode()).isEqualTo(404);
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

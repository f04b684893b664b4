package io.millrace.batch.mart.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;

/** What AWS's client sends, and what becomes of its answer, over HTTP. */
class SnsTopicTest {
    private static final URI TOPIC = URI.create("arn:aws:sns:eu-central-1:123456789012:alerts");
    private static final String PUBLISHED = """
            <PublishResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m</MessageId>
            </PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>""";
    private static final String REFUSED = """
            <ErrorResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>
            <Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>""";

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int status = 200;
    private String answer = PUBLISHED;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            requests.add(URLDecoder.decode(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    StandardCharsets.UTF_8));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void anAlertIsOneMessageWithItsPipelineAndMarts() {
        topic().send("Missed: parcels of 2024-02-29", List.of("marts.daily", "marts.tickets"));

        assertThat(requests).hasSize(1);
        assertThat(requests.get(0))
                .contains(
                        "Action=Publish",
                        "TopicArn=" + TOPIC,
                        "Message=Missed: parcels of 2024-02-29",
                        "Subject=Millrace: parcels",
                        "Value.StringValue=marts.daily,marts.tickets");
    }

    @Test
    void aTopicThatRefusesDoesNotFailTheRun() {
        status = 403;
        answer = REFUSED;

        assertThatCode(() -> topic().send("Missed", List.of("marts.daily"))).doesNotThrowAnyException();
        assertThat(requests).hasSize(1);
    }

    @Test
    void topicsAreToldFromOtherAddresses() {
        assertThat(SnsTopic.isOne(TOPIC)).isTrue();
        assertThat(SnsTopic.isOne(URI.create("https://chat.example/hook"))).isFalse();
        assertThat(SnsTopic.isOne(URI.create("arn:aws:sqs:eu-central-1:123456789012:alerts")))
                .isFalse();
    }

    private SnsTopic topic() {
        return SnsTopic.of(
                TOPIC,
                "parcels",
                SnsClient.builder()
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .region(Region.EU_CENTRAL_1)
                        .endpointOverride(URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort()))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret"))));
    }
}

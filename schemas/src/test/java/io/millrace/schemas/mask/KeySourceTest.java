package io.millrace.schemas.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The masking key from Secrets Manager, by AWS's own client, from a server that speaks its protocol. */
class KeySourceTest {
    private static final String KEY = "a key of at least thirty-two characters";
    private static final String ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-AbCdEf";

    /** What the server was asked: operation, signature and body. */
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private HttpServer server;
    private volatile int status = 200;
    private volatile String answer = "";

    @BeforeEach
    void startServer() throws IOException {
        System.setProperty("aws.accessKeyId", "nobody");
        System.setProperty("aws.secretAccessKey", "nothing");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestHeaders().getFirst("X-Amz-Target") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Test
    void theKeyIsTheSecretsText() {
        answer = "{\"ARN\":\"" + ARN + "\",\"Name\":\"shop\",\"SecretString\":\"" + KEY + "\"}";

        assertThat(secret().open().orElseThrow().derive("test"))
                .isEqualTo(MaskingKey.of(KEY).derive("test"));
        assertThat(requests)
                .singleElement()
                .asString()
                .startsWith("secretsmanager.GetSecretValue AWS4-HMAC-SHA256 ")
                .contains("/eu-central-1/secretsmanager/aws4_request")
                .contains("\"SecretId\":\"" + ARN + "\"");
    }

    @Test
    void theKeyMayBeBinary() {
        answer = "{\"ARN\":\"" + ARN + "\",\"SecretBinary\":\""
                + Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8)) + "\"}";

        assertThat(secret().open().orElseThrow().derive("test"))
                .isEqualTo(MaskingKey.of(KEY).derive("test"));
    }

    @Test
    void aSecretThatIsNotThereIsNamed() {
        status = 400;
        answer = "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"Secrets Manager can't find the secret.\"}";

        assertThatThrownBy(() -> secret().open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Cannot read masking key from Secrets Manager: " + ARN + ". Check the secret")
                .rootCause()
                .hasMessageContaining("can't find the secret");
    }

    @Test
    void aKeyThatIsTooShortIsNotShown() {
        answer = "{\"ARN\":\"" + ARN + "\",\"SecretString\":\"short-and-secret\"}";

        assertThatThrownBy(() -> secret().open()).hasMessageNotContaining("short-and-secret");
    }

    @Test
    void nobodyIsAskedForAKeyOfTheEnvironment() {
        KeySource environment = new KeySource(
                KEY, null, "http://127.0.0.1:" + server.getAddress().getPort());

        assertThat(environment.open()).isPresent();
        assertThat(environment.toString()).doesNotContain(KEY);
        assertThat(requests).isEmpty();
    }

    private KeySource secret() {
        return new KeySource(
                null, ARN, "http://127.0.0.1:" + server.getAddress().getPort());
    }
}

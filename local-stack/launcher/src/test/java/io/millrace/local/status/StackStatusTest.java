package io.millrace.local.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.millrace.local.stack.ComponentState;
import io.millrace.local.stack.Endpoints;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StackStatusTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:01:30Z");

    private final Map<String, String> answers = new LinkedHashMap<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            String answer = answers.get(exchange.getRequestURI().toString());
            byte[] body = (answer == null ? "" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length == 0 ? -1 : body.length);
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
    void tellsHowFarTheCaptureAndTheJobAre() throws Exception {
        answers.put("/status", """
                {"state":"STREAMING","captured":{"public.a":40,"public.b":2},"lag_ms":120}""");
        answers.put("/jobs/overview", """
                {"jobs":[{"jid":"old","state":"FAILED","start-time":1},{"jid":"j","state":"RUNNING","start-time":2}]}""");
        answers.put("/jobs/j/checkpoints", """
                {"counts":{"completed":5,"failed":1},"latest":{"completed":{"trigger_timestamp":1767225680000}}}""");
        answers.put("/jobs/j", """
                {"vertices":[{"id":"v","name":"Source: read","metrics":{"write-records":41}},
                 {"id":"w","name":"sequence","metrics":{"write-records":82}}]}""");
        answers.put("/jobs/j/metrics?get=numRestarts", """
                [{"id":"numRestarts","value":"2"}]""");
        answers.put("/jobs/j/vertices/v/subtasks/metrics", """
                [{"id":"x.shardId.0.millisBehindLatest"},{"id":"other"}]""");
        answers.put("/jobs/j/vertices/w/subtasks/metrics", """
                [{"id":"sequence.millrace.source.shop.table.public_a.applied"},{"id":"other"},
                 {"id":"sequence.millrace.source.shop.control"},
                 {"id":"sequence.millrace.source.shop.table.public_log_of_may.received"},
                 {"id":"sequence.millrace.source.shop.table.public_a.received"}]""");
        answers.put(
                "/jobs/j/vertices/w/subtasks/metrics?agg=sum&get=sequence.millrace.source.shop.table.public_a.applied,"
                        + "sequence.millrace.source.shop.control,"
                        + "sequence.millrace.source.shop.table.public_log_of_may.received,"
                        + "sequence.millrace.source.shop.table.public_a.received",
                """
                [{"id":"sequence.millrace.source.shop.table.public_a.applied","sum":40.0},
                 {"id":"sequence.millrace.source.shop.control","sum":3.0},
                 {"id":"sequence.millrace.source.shop.table.public_log_of_may.received","sum":7.0},
                 {"id":"sequence.millrace.source.shop.table.public_a.received","sum":42.0}]""");
        answers.put("/jobs/j/vertices/v/subtasks/metrics?agg=max&get=x.shardId.0.millisBehindLatest", """
                [{"id":"x.shardId.0.millisBehindLatest","max":1500}]""");

        StackStatus status = StackStatus.of(endpoints());

        assertThat(status.captures())
                .containsExactly(Map.entry(
                        "capture", new CaptureStatus("streaming", Map.of("public.a", 40L, "public.b", 2L), 120L)));
        assertThat(status.job()).isEqualTo(new JobStatus("RUNNING", 1767225680000L, 5, 1, 2, 41, 1500L));
        assertThat(status.accounting())
                .isEqualTo(new Accounting(Map.of(
                        "shop",
                        Map.of(
                                "public.a",
                                new TableAccount(42, 40, 0, 0, 0, 0),
                                "public.log_of_may",
                                new TableAccount(7, 0, 0, 0, 0, 0),
                                Accounting.NO_TABLE,
                                new TableAccount(0, 0, 0, 0, 0, 3)))));
        assertThat(StatusText.lines(status, NOW))
                .anySatisfy(line -> assertThat(line).contains("shop public.a", "42", "40", "(2 under way)"))
                .contains("  capture: streaming, 42 changes captured, 120 ms behind the source")
                .contains("  job: running, 41 records read, 1.5 s behind the stream, 5 checkpoints,"
                        + " the last 10 s ago, 1 failed, restarted 2 times");
    }

    @Test
    void whatDoesNotAnswerIsLeftOut() throws Exception {
        StackStatus status = StackStatus.of(endpoints());

        assertThat(status.captures()).isEmpty();
        assertThat(status.job()).isNull();
        assertThat(StatusText.lines(status, NOW)).contains("  job: does not answer");
    }

    private Endpoints endpoints() {
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        Endpoints.ComponentEndpoint process = new Endpoints.ComponentEndpoint(
                address, 1, 2, ComponentState.HEALTHY, "2026-01-01T00:00:00Z", 0, "x.log");
        return new Endpoints(
                1,
                "shop",
                "shop.yaml",
                "pipeline.yaml",
                "connections.yaml",
                "data",
                new Endpoints.Credentials("a", "b", "us-east-1"),
                new Endpoints.Jdbc("jdbc:postgresql://127.0.0.1:1/iceberg", "iceberg", "x"),
                address + "/metrics",
                Map.of("capture", process, "flink", process),
                Map.of("shop", new Endpoints.SourceEndpoint("stream", 1, "capture", null)),
                List.of(
                        new Endpoints.TableEndpoint("shop.public.a", null, "a"),
                        new Endpoints.TableEndpoint("shop.public.log_*", null, "log-{table}")));
    }
}

package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.process.Directories;
import io.millrace.local.stack.Endpoints;
import io.millrace.local.stack.LocalMaskingKey;
import io.millrace.local.stack.OtherStack;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A pipeline that {@code up} runs in processes of its own, with what tests do to it. */
final class LivePipeline implements AutoCloseable {
    /** Longer on a machine that has much else to do: {@code -Dpatience.minutes=10}. */
    static final Duration PATIENCE = Duration.ofMinutes(Integer.getInteger("patience.minutes", 3));

    /** Spark takes its time on a machine that is busy with all the rest. */
    static final Duration BATCH_PATIENCE = Duration.ofMinutes(15);

    private final Path home;
    private final int portOffset;
    private Command up;
    private int runs;

    private LivePipeline(Path home, int portOffset) throws IOException {
        this.home = home;
        this.portOffset = portOffset;
        this.up = launch();
    }

    /**
     * Starts a pipeline with nothing of an earlier run, and waits until all of it is healthy.
     *
     * @param name of the directory below {@code target} where everything is
     * @param pipeline the pipeline file's content
     * @param scripts the init scripts' contents by their names
     */
    static LivePipeline start(String name, int portOffset, String pipeline, Map<String, String> scripts)
            throws IOException, InterruptedException {
        Path home = Path.of("target", name).toAbsolutePath();
        Directories.delete(home);
        Files.createDirectories(home);
        Files.writeString(home.resolve("pipeline.yaml"), pipeline);
        for (Map.Entry<String, String> script : scripts.entrySet()) {
            Files.writeString(home.resolve(script.getKey()), script.getValue());
        }
        LivePipeline live = new LivePipeline(home, portOffset);
        try {
            live.awaitHealthy();
        } catch (ConditionTimeoutException | AssertionError neverHealthy) {
            live.close();
            throw neverHealthy;
        }
        return live;
    }

    /** Starts it again after its launcher has ended. */
    void startAgain() throws IOException {
        up = launch();
        awaitHealthy();
    }

    private Command launch() throws IOException {
        return Command.start(
                home.resolve("up-" + runs++ + ".txt"),
                Map.of(),
                "up",
                "--pipeline",
                file().toString(),
                "--data",
                data().toString(),
                "--port-offset",
                Integer.toString(portOffset));
    }

    /** Stops it, and makes sure that nothing of it is left. */
    @Override
    public void close() throws IOException, InterruptedException {
        Answer down = millrace("down", "--data", data().toString());

        assertThat(down.exitCode()).as(down.output()).isZero();
        assertThat(up.exitCode(PATIENCE)).as(up.output()).isNotNegative();
        Processes.assertNoneLeft(data());
    }

    void awaitHealthy() {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            assertThat(up.isRunning()).as(up.output()).isTrue();
            return OtherStack.in(data()).isRunning()
                    && OtherStack.in(data())
                            .endpoints()
                            .filter(OtherStack::isHealthy)
                            .isPresent();
        });
    }

    /** Kills components as a crash would, and waits until they are back. */
    void kill(String... components) {
        Endpoints endpoints = endpoints();
        List<Long> pids = new ArrayList<>();
        for (String component : components) {
            pids.add(endpoints.component(component).pid());
        }
        pids.forEach(Processes::kill);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> List.of(components).stream()
                        .noneMatch(name ->
                                pids.contains(endpoints().component(name).pid())));
        awaitHealthy();
    }

    /** Kills the launcher as a crash would. */
    void killLauncher() throws InterruptedException {
        up.kill();
    }

    /** Starts a batch job beside the stream: {@code compact}, {@code daily}. */
    Command startBatch(String command, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(command, "--data", data().toString(), "--heap", "1g", "--json"));
        line.addAll(List.of(arguments));
        return Command.start(home.resolve(command + "-" + runs++ + ".txt"), Map.of(), line.toArray(String[]::new));
    }

    /**
     * Runs a batch job beside the stream to its end.
     *
     * @return what it printed on standard output as JSON
     */
    JsonNode batch(String command, String... arguments) throws Exception {
        Command job = startBatch(command, arguments);
        assertThat(job.exitCode(BATCH_PATIENCE)).as(job.output()).isZero();
        return new ObjectMapper().readTree(job.output().substring(job.output().indexOf('{')));
    }

    /** Compares every row of the source with the targets. */
    void assertEqual(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("--settle", "90s"));
        line.addAll(List.of(arguments));
        Answer reconcile = reconcile(line.toArray(String[]::new));

        assertThat(reconcile.exitCode()).as(reconcile.output()).isZero();
        assertThat(reconcile.output()).contains("mismatches: 0");
    }

    /** Waits until a table of the source differs from a target in so many rows, and in no other. */
    void assertEqualButFor(String table, int rows) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            Answer reconcile = reconcile("--settle", "1s", "--table", table);
            assertThat(reconcile.exitCode()).as(reconcile.output()).isEqualTo(1);
            assertThat(reconcile.output()).contains("mismatches: " + rows);
        });
    }

    /** Runs a command that must succeed on this stack. */
    String command(String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of("--data", data().toString()));
        Answer asked = millrace(line.toArray(String[]::new));

        assertThat(asked.exitCode()).as(asked.output()).isZero();
        return asked.output();
    }

    /** Runs a command that must succeed on this stack, in a process of its own, whose logs are in what it prints. */
    void commandAlone(String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of("--data", data().toString()));
        Command asked = Command.run(home.resolve(command[0] + "-" + runs++ + ".txt"), line.toArray(String[]::new));
        assertThat(asked.exitCode(PATIENCE)).as(asked.output()).isZero();
    }

    /** Replays the dead letters that nobody has decided about yet. */
    String replay(String... filters) throws Exception {
        List<String> line = new ArrayList<>(List.of("dead-letters", "replay"));
        for (String filter : filters) {
            line.addAll(List.of("--filter", filter));
        }
        return command(line.toArray(String[]::new));
    }

    /** The dead letters as {@code export} writes them. */
    List<JsonNode> letters() throws Exception {
        Path file = home.resolve("letters.jsonl");
        command("dead-letters", "export", "--to", file.toString());
        List<JsonNode> letters = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            letters.add(new ObjectMapper().readTree(line));
        }
        return letters;
    }

    /** Waits until there are at least so many dead letters. */
    void awaitLetters(int count) {
        awaitLetters(count, letter -> true);
    }

    /** Waits until there are at least so many dead letters of a source table. */
    void awaitLetters(int count, String table) {
        awaitLetters(count, letter -> letter.path("source_table").asText().equals(table));
    }

    private void awaitLetters(int count, Predicate<JsonNode> wanted) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(letters()).filteredOn(wanted).hasSizeGreaterThanOrEqualTo(count));
    }

    /** Deletes a search index, as somebody does who wants it made anew. */
    void deleteIndex(String index) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        endpoints().component("opensearch").address() + "/" + index))
                                .DELETE()
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Compares with the targets in some way, and says what came of it. */
    Answer reconcile(String... arguments) throws IOException {
        List<String> line =
                new ArrayList<>(List.of("reconcile", "--pipeline", file().toString(), "--data", data().toString()));
        line.addAll(List.of(arguments));
        return millrace(line.toArray(String[]::new));
    }

    Endpoints.Jdbc database(String source) {
        Endpoints.SourceEndpoint endpoint =
                Objects.requireNonNull(endpoints().sources().get(source), source);
        return Objects.requireNonNull(endpoint.database(), source);
    }

    Connection connect(String source) throws SQLException {
        Endpoints.Jdbc database = database(source);
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    void run(String source, String... statements) throws SQLException {
        try (Connection connection = connect(source);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The pipeline with the addresses of its running servers. */
    Pipeline pipeline() {
        return PipelineFile.read(
                Path.of(endpoints().resolvedPipelineFile()),
                Path.of(endpoints().connectionsFile()),
                LocalMaskingKey.environment(data()));
    }

    Endpoints endpoints() {
        return OtherStack.in(data()).endpoints().orElseThrow();
    }

    /** Where everything of the test is. */
    Path home() {
        return home;
    }

    Path data() {
        return home.resolve("data");
    }

    /** A file beside the pipeline file. */
    Path write(String name, String content) throws IOException {
        return Files.writeString(home.resolve(name), content);
    }

    private Path file() {
        return home.resolve("pipeline.yaml");
    }

    private Answer millrace(String... arguments) throws IOException {
        return Answer.of(home.resolve(arguments[0] + "-" + runs++ + ".txt"), PATIENCE.multipliedBy(2), arguments);
    }

    /** A file of the tests' resources. */
    static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(LivePipeline.class.getResourceAsStream("/pipelines/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

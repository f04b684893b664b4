package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.ResumePlan;
import io.millrace.capture.offset.StateJournal;
import io.millrace.capture.status.CaptureStatus.State;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** A database of its own for a test, its capture, and what the capture has published. */
final class Scene {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase source;
    private final LocalKinesis kinesis;
    private final String name;
    private final Path directory;
    private final FileObjects objects;
    private final FileRegistry registry;
    private final LocalKinesis.Tail tail;
    private final List<LocalKinesis.Consumed> records = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();

    Scene(LocalServers servers, String name, String... statements) throws Exception {
        this(servers, servers.source(), name, statements);
    }

    Scene(LocalServers servers, TestDatabase source, String name, String... statements) throws Exception {
        this.source = source;
        this.kinesis = servers.kinesis();
        this.name = name;
        this.directory = Files.createDirectories(servers.directory().resolve(name));
        this.objects = new FileObjects(directory);
        this.registry = new FileRegistry(objects);
        this.tail = kinesis.tail("stream-" + name);
        source.create(name);
        source.run(name, statements);
    }

    TestCapture capture() throws InterruptedException {
        return new TestCapture(
                source.config(name, kinesis.connection(), SourceServer.table(name, source.schema(name), "item", "id")),
                objects);
    }

    /** Waits for the change of a row to be on the stream. */
    void await(Predicate<Change> wanted) {
        patiently().until(() -> {
            poll();
            return changes.stream().anyMatch(wanted);
        });
    }

    private static ConditionFactory patiently() {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(SdkException.class);
    }

    private void poll() {
        for (LocalKinesis.Consumed consumed : tail.poll()) {
            records.add(consumed);
            changes.add(Change.read(consumed, objects, registry));
        }
    }

    void awaitRow(int id) {
        awaitRows(id, id);
    }

    /** Waits for changes of all rows of a range. */
    void awaitRows(int from, int to) {
        Set<String> missing = IntStream.rangeClosed(from, to)
                .mapToObj(id -> name + "." + source.schema(name) + ".item|" + id)
                .collect(Collectors.toCollection(HashSet::new));
        await(change -> missing.remove(change.partitionKey()) && missing.isEmpty());
    }

    /** What a consumer arrives at: id to name. */
    Map<String, String> consumed() {
        Map<String, String> names = new TreeMap<>();
        Change.latest(changes)
                .values()
                .forEach(row -> names.put(String.valueOf(row.get("id")), String.valueOf(row.get("name"))));
        return names;
    }

    /** What the database has: id to name. */
    Map<String, String> rows() throws SQLException {
        Map<String, String> names = new TreeMap<>();
        try (Connection connection = source.connect(name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, name FROM item")) {
            while (row.next()) {
                names.put(row.getString(1), String.valueOf(row.getString(2)));
            }
        }
        return names;
    }

    /** Reads what is on the stream until it makes the rows of the database; a change of one shard does not tell of the others. */
    void assertConsumedIsEqual() throws SQLException {
        Map<String, String> rows = rows();
        patiently().untilAsserted(() -> {
            poll();
            assertThat(consumed()).isEqualTo(rows);
        });
    }

    /** The changes that were read so far, each shard's in order. */
    List<Change> changes() {
        return changes;
    }

    /** The same as records of the stream. */
    List<LocalKinesis.Consumed> records() {
        return records;
    }

    FileObjects objects() {
        return objects;
    }

    CaptureConfig config() {
        return source.config(name, kinesis.connection(), SourceServer.table(name, source.schema(name), "item", "id"));
    }

    Connection connect() throws SQLException {
        return source.connect(name);
    }

    void run(String... statements) throws SQLException {
        source.run(name, statements);
    }

    static void awaitState(TestCapture capture, State state) {
        Awaitility.await().atMost(PATIENCE).until(() -> capture.status().state() == state);
    }

    /** Starts the capture in a JVM of its own, and kills it as soon as a row of its snapshot is on the stream. */
    void killCaptureWithinItsSnapshot() throws IOException, InterruptedException {
        Process capture = captureProcess("-Xmx384m");
        try {
            await(change -> change.operation().equals("r"));
        } finally {
            capture.destroyForcibly().waitFor();
        }
        CaptureState state = Objects.requireNonNull(StateJournal.read(objects, config().stateName()));
        assertThat(state.offsets().values())
                .as("it was killed within its snapshot")
                .isNotEmpty()
                .allMatch(ResumePlan::isInsideSnapshot);
    }

    /** The capture in a JVM of its own; whoever calls ends it. */
    Process captureProcess(String memory) throws IOException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        memory,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Daws.accessKeyId=millrace",
                        "-Daws.secretAccessKey=millrace-local",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        TestCapture.class.getName(),
                        source.kind().name(),
                        String.valueOf(source.port()),
                        name,
                        String.valueOf(kinesis.connection().endpoint()),
                        directory.toString(),
                        source.schema(name),
                        "item",
                        "id")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target", "capture-" + name + ".log")))
                .start();
        // A test run that is cut off leaves no capture behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }
}

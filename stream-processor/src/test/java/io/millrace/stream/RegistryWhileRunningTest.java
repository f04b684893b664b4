package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.registry.RegistryServer;
import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.GlueSchemaRegistry;
import io.millrace.schemas.registry.IncompatibleSchemaException;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecoderFactory;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.SinkFunction;
import org.apache.flink.streaming.api.functions.source.SourceFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the registry does to a running job, with a real one, and with the decoders of the product. The job never restarts. */
@SuppressWarnings("deprecation") // The old source and sink interfaces are the shortest.
class RegistryWhileRunningTest {
    private static final String TABLE = "shop.public.orders";

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .build());

    /** What the tasks, which run in this JVM, share with the test; an empty record ends the stream. */
    private static final LinkedBlockingQueue<byte[]> STREAM = new LinkedBlockingQueue<>();

    /** Rows and letters come on ways of their own, so neither tells that the other is complete. */
    private static final Map<String, RowChange> ROWS = new ConcurrentHashMap<>();

    private static final List<DeadLetter> LETTERS = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    private final int port = freePort();
    private @Nullable AutoCloseable registry;
    private @Nullable JobClient job;

    @BeforeEach
    void start() throws Exception {
        System.setProperty("aws.accessKeyId", "millrace");
        System.setProperty("aws.secretAccessKey", "millrace-local");
        STREAM.clear();
        ROWS.clear();
        LETTERS.clear();
        startRegistry("registry");
        startJob();
    }

    @AfterEach
    void stop() throws Exception {
        STREAM.add(new byte[0]);
        if (job != null) {
            job.getJobExecutionResult().get(1, TimeUnit.MINUTES);
        }
        stopRegistry();
    }

    @Test
    void unknownSchemaMakesDeadLettersUntilTheRegistryKnowsIt() throws Exception {
        Schema schema = envelope("\"string\"", "id");
        UUID known = client().register(TABLE, schema);
        stopRegistry();
        startRegistry("elsewhere");
        Schema other = envelope("\"long\"", "id");
        UUID alsoKnown = client().register("other", other);

        STREAM.add(record(known, schema, "1", "a"));
        STREAM.add(record(alsoKnown, other, "2", 7L));
        await().untilAsserted(() -> assertThat(ROWS).containsOnlyKeys("2"));
        await().untilAsserted(() -> assertThat(LETTERS).hasSize(1));
        assertThat(LETTERS).singleElement().satisfies(letter -> {
            assertThat(letter.code()).isEqualTo(DeadLetterCode.UNKNOWN_SCHEMA);
            assertThat(letter.raw()).isNotNull();
        });

        stopRegistry();
        startRegistry("registry");
        await().pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            STREAM.add(record(known, schema, "3", "b"));
            assertThat(ROWS).containsKey("3");
        });
    }

    @Test
    void recordsWaitWhileTheRegistryIsAway() throws Exception {
        Schema first = envelope("\"string\"", "id");
        Schema second = envelope("[\"null\", \"string\"]", "id");
        UUID known = client().register(TABLE, first);
        UUID next = client().register(TABLE, second);
        STREAM.add(record(known, first, "0", "a"));
        await().untilAsserted(() -> assertThat(ROWS).containsKey("0"));

        stopRegistry();
        STREAM.add(record(known, first, "1", "what is known needs no registry"));
        for (int i = 2; i < 500; i++) {
            STREAM.add(record(i % 2 == 0 ? next : known, i % 2 == 0 ? second : first, String.valueOf(i), "b"));
        }
        await().untilAsserted(() -> assertThat(ROWS).containsKey("1"));
        await().during(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(ROWS).hasSize(2));

        startRegistry("registry");
        await().untilAsserted(() -> assertThat(ROWS).hasSize(500));
        assertThat(LETTERS).isEmpty();
    }

    @Test
    void incompatibleSchemaIsReadUnderItsNextName() throws Exception {
        Schema texts = envelope("\"string\"", "id");
        Schema numbers = envelope("\"long\"", "id");
        UUID first = client().register(TABLE, texts);
        assertThatThrownBy(() -> client().register(TABLE, numbers)).isInstanceOf(IncompatibleSchemaException.class);
        UUID second = client().register(TABLE + "-2", numbers);

        STREAM.add(record(first, texts, "1", "a"));
        STREAM.add(record(second, numbers, "2", 7L));
        STREAM.add(record(first, texts, "3", "b"));

        await().untilAsserted(
                        () -> assertThat(ROWS).as("dead letters: %s", LETTERS).hasSize(3));
        assertThat(new TreeMap<>(ROWS)
                        .values().stream()
                                .map(change -> ((RowChange.Upsert) change).row().value(1))
                                .collect(Collectors.toList()))
                .containsExactly("a", 7L, "b");
    }

    @Test
    void rowsOfAnotherKeyAreDeadLettersUntilItIsTheOldOneAgain() throws Exception {
        Schema before = envelope("\"string\"", "id");
        Schema changed = envelope("\"string\"", "value");
        UUID first = client().register(TABLE, before);
        UUID second = client().register(TABLE, changed);

        STREAM.add(record(first, before, "1", "a"));
        STREAM.add(record(second, changed, "2", "b"));
        STREAM.add(record(first, before, "3", "c"));

        await().untilAsserted(() -> assertThat(ROWS).containsOnlyKeys("1", "3"));
        await().untilAsserted(() -> assertThat(LETTERS).hasSize(1));
        assertThat(LETTERS).singleElement().satisfies(letter -> {
            assertThat(letter.code()).isEqualTo(DeadLetterCode.KEY_CHANGED);
            assertThat(letter.table()).isEqualTo(TABLE);
            assertThat(letter.reason()).contains("(value)", "(id)");
        });
    }

    /** Longer than a client of the registry waits for an answer on a machine that has much else to do. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(50));
    }

    private GlueSchemaRegistry client() {
        return GlueSchemaRegistry.connect(connection());
    }

    private Connections.SchemaRegistry connection() {
        return new Connections.SchemaRegistry("us-east-1", "http://127.0.0.1:" + port, "millrace");
    }

    private void startRegistry(String data) throws Exception {
        RegistryServer server = new RegistryServer();
        new CommandLine(server).parseArgs("--port=" + port, "--data=" + directory.resolve(data), "--registry=millrace");
        registry = server.start();
    }

    private void stopRegistry() throws Exception {
        if (registry != null) {
            registry.close();
            registry = null;
        }
    }

    private void startJob() throws Exception {
        Pipeline orders = TestPipelines.orders("file://" + directory);
        Connections there = orders.connections();
        Pipeline pipeline = new Pipeline(
                orders.name(),
                orders.sources(),
                orders.eventTime(),
                orders.sequencing(),
                orders.checkpoints(),
                orders.tables(),
                new Connections(
                        there.kinesis(), null, connection(), there.storage(), there.iceberg(), there.opensearch()),
                orders.masking());
        Configuration cluster = new Configuration();
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        JobSettings.apply(env, pipeline);
        new IngestionTopology(
                        (e, from) -> from.name().equals("REPLAY")
                                ? e.addSource(new NoRecords(), WireType.of(WireFormat.RAW_RECORD))
                                : e.addSource(new Records(), WireType.of(WireFormat.RAW_RECORD)),
                        DecoderFactory.of(pipeline),
                        List.of(changes -> {
                            changes.addSink(new Rows()).uid("sink").name("collect");
                            return Optional.empty();
                        }),
                        letters -> letters.addSink(new Letters()).uid("letters").name("collect dead letters"),
                        minutes -> {})
                .build(env, pipeline);
        job = env.executeAsync("registry");
    }

    /**
     * An envelope as Millrace's capture registers it, of a table with an id and a value.
     *
     * @param type the value's type
     * @param key the key's column
     */
    private static Schema envelope(String type, String key) {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Envelope", "millrace.key": ["%s"], "fields": [
                  {"name": "before", "default": null, "type": ["null", {"type": "record", "name": "Value", "fields": [
                    {"name": "id", "type": "string"}, {"name": "value", "type": %s}]}]},
                  {"name": "after", "default": null, "type": ["null", "Value"]},
                  {"name": "op", "type": "string"},
                  {"name": "source", "type": {"type": "record", "name": "Source", "fields": [
                    {"name": "schema", "type": "string"}, {"name": "table", "type": "string"},
                    {"name": "lsn", "type": "long"}, {"name": "ts_us", "type": "long"}]}}]}
                """.formatted(key, type));
    }

    private static byte[] record(UUID id, Schema schema, String key, Object value) throws IOException {
        GenericRecord row = new GenericRecordBuilder(
                        schema.getField("after").schema().getTypes().get(1))
                .set("id", key)
                .set("value", value)
                .build();
        GenericRecord source = new GenericRecordBuilder(
                        schema.getField("source").schema())
                .set("schema", "public")
                .set("table", "orders")
                .set("lsn", 100L + Long.parseLong(key))
                .set("ts_us", 1_700_000_000_000_000L)
                .build();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(body, null);
        new GenericDatumWriter<GenericRecord>(schema)
                .write(
                        new GenericRecordBuilder(schema)
                                .set("before", null)
                                .set("after", row)
                                .set("op", "c")
                                .set("source", source)
                                .build(),
                        encoder);
        encoder.flush();
        return GlueFrame.write(id, body.toByteArray(), GlueFrame.Compression.NONE);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot find a free port", e);
        }
    }

    private static final class Records implements SourceFunction<RawRecord> {
        private static final long serialVersionUID = 1L;
        private volatile boolean cancelled;

        @Override
        public void run(SourceContext<RawRecord> context) throws InterruptedException {
            for (int number = 0; !cancelled; number++) {
                byte[] data = STREAM.poll(100, TimeUnit.MILLISECONDS);
                if (data != null && data.length == 0) {
                    return;
                }
                if (data != null) {
                    context.collect(new RawRecord(
                            "shop", "stream", "shard-0", Integer.toString(number), null, 1_700_000_001_000L, data));
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private static final class Rows implements SinkFunction<RowChange> {
        private static final long serialVersionUID = 1L;

        @Override
        public void invoke(RowChange change, Context context) {
            ROWS.put(change.key().id(), Objects.requireNonNull(change));
        }
    }

    private static final class Letters implements SinkFunction<DeadLetter> {
        private static final long serialVersionUID = 1L;

        @Override
        public void invoke(DeadLetter letter, Context context) {
            LETTERS.add(letter);
        }
    }
}

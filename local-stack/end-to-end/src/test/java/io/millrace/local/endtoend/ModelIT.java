package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.status.Accounting;
import io.millrace.local.status.TableAccount;
import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.registry.GlueSchemaRegistry;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.model.Deliveries;
import io.millrace.stream.model.Delivery;
import io.millrace.stream.model.PlainModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The plain model against the job on real servers: Kinesis, the registry, PostgreSQL's catalog on S3, OpenSearch; and the
 * job's process is killed while it reads. Records come in two formats, twice, out of order, broken, against the rules, late.
 * More histories with {@code -Dmodel.seeds=10}, one again with {@code -Dseed=N}.
 */
class ModelIT {
    private static final int CHANGES = 12_000;
    private static final int KEYS_OF_A_TABLE = 1_500;

    private static final long HOUR = 3_600_000;

    /** As the pipeline file says; longer than a history, so that nothing is late that the model does not find late. */
    private static final long ALLOWED = 12 * HOUR;

    /** Between two histories, so that each is later than all before it. */
    private static final long SHIFT = 40 * 24 * HOUR;

    /** Less than any watermark that events of the hour's end make: they may come 5 s out of order. */
    private static final long BEHIND = 6_000;

    private static final int MOST_PAUSE_MILLIS = 4_000;

    private static final List<TableId> TABLES = List.of(Deliveries.ORDERS, Deliveries.EVENTS, Deliveries.AUDIT);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Of all histories so far: records of which no table is known tell no history either. */
    private static final List<PlainModel> MODELS = new ArrayList<>();

    @AutoClose
    private static LivePipeline live;

    private static GlueSchemaRegistry registry;

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one != null ? LongStream.of(one) : LongStream.rangeClosed(1, Integer.getInteger("model.seeds", 1));
    }

    @BeforeAll
    static void startTheStack() throws Exception {
        System.setProperty("aws.accessKeyId", "millrace");
        System.setProperty("aws.secretAccessKey", "millrace-local");
        StringBuilder pipeline = new StringBuilder(LivePipeline.resource("model.yaml"));
        String tables = LivePipeline.resource("model-tables.yaml");
        seeds().forEach(seed -> pipeline.append(tables.replace("SEED", Long.toString(seed))));
        live = LivePipeline.start("model", 11_000, pipeline.toString(), Map.of());
        registry = GlueSchemaRegistry.connect(live.pipeline().connections().schemaRegistry());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endsAsThePlainModel(long seed) throws Exception {
        PlainModel model = new PlainModel();
        MODELS.add(model);
        Random random = new Random(seed);
        ModelRecords records = new ModelRecords(seed, (seed - 1) * SHIFT, registry);
        List<Delivery> history = new Deliveries(seed, false).make(CHANGES, KEYS_OF_A_TABLE);
        history.forEach(delivery -> model.take(delivery, Long.MIN_VALUE));
        long end = history.get(history.size() - 1).arrivalMillis() + 3 * HOUR;
        try (Shards shards = new Shards(live.endpoints())) {
            int middle = history.size() / 4 + random.nextInt(history.size() / 2);
            send(shards, records, history.subList(0, middle));
            killTheJob(random);
            send(shards, records, history.subList(middle, history.size()));
            List<Delivery> clocks = new ArrayList<>();
            for (int shard = 0; shard < 2; shard++) {
                clocks.add(insert(Deliveries.ORDERS, shard, 1_000_000 + shard, end, end));
                clocks.add(insert(Deliveries.EVENTS, shard, 1_000_000 + shard, end, end));
            }
            clocks.forEach(delivery -> model.take(delivery, Long.MIN_VALUE));
            send(shards, records, clocks);
            awaitWatermark(end + (seed - 1) * SHIFT - BEHIND);
            List<Delivery> late = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                long millis = end - ALLOWED - (1 + random.nextInt(3)) * HOUR;
                late.add(insert(TABLES.get(i % 3), i % 2, 2_000_000 + i, end, millis));
            }
            late.forEach(delivery -> model.take(delivery, end - BEHIND));
            send(shards, records, late);
        }

        await("books, seed " + seed).atMost(LivePipeline.PATIENCE).untilAsserted(() -> compareBooks(seed, model));
        await("targets, seed " + seed).atMost(LivePipeline.PATIENCE).untilAsserted(() -> compareTargets(seed, model));
        await("dead letters, seed " + seed)
                .atMost(LivePipeline.PATIENCE)
                .untilAsserted(() -> compareLetters(seed, model));
    }

    private static void killTheJob(Random random) throws InterruptedException {
        Thread.sleep(random.nextInt(MOST_PAUSE_MILLIS));
        live.kill("flink");
    }

    private static Delivery insert(TableId table, int shard, long id, long arrival, long millis) {
        return new Delivery(
                (int) id,
                Delivery.Kind.CHANGE,
                shard,
                arrival,
                new ChangeEvent(
                        table,
                        RowKey.of(table, List.of(Long.toString(id))),
                        Operation.INSERT,
                        null,
                        new Row(Deliveries.SCHEMA, new Object[] {id, "text " + id}),
                        table.equals(Deliveries.EVENTS) ? null : new SourcePosition(id, id),
                        millis * 1000));
    }

    private static void send(Shards shards, ModelRecords records, List<Delivery> deliveries) {
        shards.put(deliveries.stream().map(records::record).toList());
    }

    /** Waits until every shard of both streams has told the time, so that the latecomers are late for everybody. */
    private static void awaitWatermark(long millis) {
        await("the watermark").atMost(LivePipeline.PATIENCE).until(() -> {
            String flink = live.endpoints().component("flink").address();
            for (JsonNode job : read(flink + "/jobs").path("jobs")) {
                String vertices = flink + "/jobs/" + job.path("id").asText();
                for (JsonNode vertex : read(vertices).path("vertices")) {
                    if (vertex.path("name").asText().startsWith("sequence")) {
                        // The input's watermark is that of truncations too, which have none.
                        return read(vertices + "/vertices/" + vertex.path("id").asText()
                                                + "/subtasks/metrics?get=sequence.currentOutputWatermark&agg=min")
                                        .path(0)
                                        .path("min")
                                        .asLong(Long.MIN_VALUE)
                                >= millis;
                    }
                }
            }
            return false;
        });
    }

    /** Which of two changes is superseded depends on the shards' pace; what is received and refused does not. */
    private static void compareBooks(long seed, PlainModel model) throws InterruptedException {
        Accounting books = Accounting.read(live.endpoints()).orElse(new Accounting(Map.of()));
        for (TableId table : TABLES) {
            TableAccount account = account(books, sourceOf(table), "public." + table.name() + "_" + seed);
            Account expected = Account.of(table.toString());
            assertThat(account.received())
                    .as("received of %s", table)
                    .isEqualTo(units(model, expected, Entry.RECEIVED));
            assertThat(account.deadLettered())
                    .as("dead letters of %s", table)
                    .isEqualTo(units(model, expected, Entry.DEAD_LETTERED));
        }
        TableAccount without = account(books, "tail", Accounting.NO_TABLE);
        assertThat(without.received()).isEqualTo(unitsWithoutTable(Entry.RECEIVED));
        assertThat(without.control()).isEqualTo(unitsWithoutTable(Entry.CONTROL));
        assertThat(without.deadLettered()).isEqualTo(unitsWithoutTable(Entry.DEAD_LETTERED));
        assertThat(books.addsUp()).as("%s", books).isTrue();
    }

    private static TableAccount account(Accounting books, String source, String table) {
        return books.sources().getOrDefault(source, Map.of()).getOrDefault(table, new TableAccount(0, 0, 0, 0, 0, 0));
    }

    private static long units(PlainModel model, Account account, Entry entry) {
        return model.books().getOrDefault(account, Map.of()).getOrDefault(entry, 0L);
    }

    private static long unitsWithoutTable(Entry entry) {
        return MODELS.stream()
                .mapToLong(model -> units(model, new Account("shop", null), entry))
                .sum();
    }

    private static void compareTargets(long seed, PlainModel model) throws Exception {
        try (LiveCatalog catalog = LiveCatalog.of(live)) {
            for (TableId table : TABLES) {
                Map<Long, String> expected = new TreeMap<>();
                model.rows().forEach((key, row) -> {
                    if (key.table().equals(table.toString())) {
                        expected.put((Long) row.value(0), String.valueOf(row.value(1)));
                    }
                });
                String name = table.name() + "_" + seed;
                List<Record> rows = catalog.records("model." + name);
                Map<Long, String> iceberg = new TreeMap<>();
                rows.forEach(row -> iceberg.put((Long) row.getField("id"), (String) row.getField("text")));
                assertThat(iceberg).as("Iceberg, %s", name).isEqualTo(expected);
                assertThat(rows).as("no key twice, %s", name).hasSize(expected.size());
                assertThat(documents("model-" + table.name() + "-" + seed))
                        .as("OpenSearch, %s", name)
                        .isEqualTo(expected);
            }
        }
    }

    private static Map<Long, String> documents(String index) throws Exception {
        String search = live.endpoints().component("opensearch").address() + "/" + index;
        HTTP.send(
                HttpRequest.newBuilder(URI.create(search + "/_refresh"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        Map<Long, String> documents = new TreeMap<>();
        for (JsonNode hit : read(search + "/_search?size=10000").path("hits").path("hits")) {
            documents.put(
                    hit.path("_source").path("id").asLong(),
                    hit.path("_source").path("text").asText());
        }
        return documents;
    }

    private static void compareLetters(long seed, PlainModel model) throws Exception {
        Map<String, Long> letters = new TreeMap<>();
        long malformed = 0;
        for (JsonNode letter : live.letters()) {
            String code = letter.path("code").asText();
            if (letter.path("source_table").asText().endsWith("_" + seed)) {
                letters.merge(code, 1L, Long::sum);
            } else if (code.equals(DeadLetterCode.MALFORMED.name())) {
                malformed++;
            }
        }
        Map<String, Long> expected = new TreeMap<>();
        model.letters().values().stream()
                .filter(code -> code != DeadLetterCode.MALFORMED)
                .forEach(code -> expected.merge(code.name(), 1L, Long::sum));
        assertThat(letters).isEqualTo(expected);
        assertThat(malformed).isEqualTo(unitsWithoutTable(Entry.DEAD_LETTERED));
        try (LiveCatalog catalog = LiveCatalog.of(live)) {
            assertThat(catalog.rows("ops.reports", "source_table"))
                    .filteredOn(table -> table.endsWith("_" + seed))
                    .hasSize(model.reports().size());
        }
    }

    private static String sourceOf(TableId table) {
        return table.equals(Deliveries.EVENTS) ? "tail" : "shop";
    }

    private static JsonNode read(String address) throws Exception {
        return JSON.readTree(
                HTTP.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
    }
}

package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.stack.Endpoints;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.data.Record;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** Values that are recognised wherever they occur, put into a pipeline in every way that ends badly, and looked for in all it says. */
final class Secrets {
    /** Parts of masked values, none of which any mask keeps. */
    static final List<String> VALUES = List.of(
            "kestrel",
            "osprey",
            "merlin",
            "harrier",
            "goshawk",
            "buzzard",
            "falconet",
            "+49 170 5550",
            "4929 1234",
            "49291234");

    /** Of a column that is not masked: the search finds what is there. */
    static final String SHOWN = "Lapwingham";

    /** The dead letters that come of what is planted. */
    static final int REFUSED = 17;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LivePipeline live;
    private final HttpClient http = HttpClient.newHttpClient();

    Secrets(LivePipeline live) {
        this.live = live;
    }

    /**
     * Rows that are applied, rows that break every rule, rows that cannot be masked or stored, and records that are none.
     *
     * <p>The table is read again, as a column is renamed and named back: the row that takes a value first is the first one in
     * the log and in the table.
     */
    void plant() throws Exception {
        live.run(
                "shop",
                "INSERT INTO people VALUES ('kestrel@osprey.example', 'Kestrel Quill', '+49 170 5550001',"
                        + " '4929 1234 5678 9012', 'merlin', 'harrier', '" + SHOWN + "', 30)",
                "INSERT INTO people VALUES ('goshawk@osprey.example', 'Goshawk Reed', '+49 170 5550002',"
                        + " '4929 1234 5678 9013', 'merlin', 'buzzard', '" + SHOWN + "', 31)",
                "INSERT INTO people VALUES ('osprey without at', 'Kestrel Quill', null, null, 'merlin', null, 'x', 1)",
                "INSERT INTO people VALUES ('long@osprey.example', 'Kestrel Quill', null, null,"
                        + " repeat('falconet ', 1000), null, 'x', 2)",
                "INSERT INTO people VALUES ('old@osprey.example', 'Merlin', '+49 170 5550003', null, null, null, 'x', 999)",
                "UPDATE people SET name = 'Osprey Vane', notes = 'falconet' WHERE mail = 'kestrel@osprey.example'",
                "UPDATE people SET mail = 'kestrel2@osprey.example' WHERE mail = 'kestrel@osprey.example'",
                "INSERT INTO people VALUES ('twin@osprey.example', 'Kestrel Quill', null, null, null, 'harrier', 'x', 3)",
                "ALTER TABLE people RENAME COLUMN notes TO remarks",
                "INSERT INTO people VALUES ('renamed@osprey.example', 'Kestrel Quill', null, null, 'falconet', null, 'x', 4)",
                "ALTER TABLE people RENAME COLUMN remarks TO notes",
                "ALTER TABLE people ALTER COLUMN age TYPE text",
                "INSERT INTO people VALUES ('typed@osprey.example', 'Kestrel Quill', null, null, null, null, 'x', 'buzzard')",
                "ALTER TABLE people ALTER COLUMN age TYPE int USING CASE WHEN age ~ '^[0-9]+$' THEN age::int END",
                "DELETE FROM people WHERE mail = 'goshawk@osprey.example'");
        putRecords();
    }

    /** Makes source and targets equal again. */
    void takeBackWhatWasRefused() throws Exception {
        live.run("shop", "DELETE FROM people WHERE mail NOT LIKE 'kestrel2%'");
    }

    /** Garbage, a frame of an unknown schema and JSON that is cut off, each with a value in it, on the streams of both formats. */
    private void putRecords() {
        Endpoints endpoints = live.endpoints();
        byte[] frame = new byte[18 + 40];
        ByteBuffer unknown = ByteBuffer.wrap(frame).put((byte) 3).put((byte) 0);
        UUID schema = UUID.fromString("00000000-0000-4000-8000-000000000007");
        unknown.putLong(schema.getMostSignificantBits()).putLong(schema.getLeastSignificantBits());
        unknown.put("kestrel osprey merlin".getBytes(StandardCharsets.UTF_8));
        try (KinesisClient kinesis = Shards.client(endpoints)) {
            for (Endpoints.SourceEndpoint source : endpoints.sources().values()) {
                for (byte[] data : List.of(
                        "goshawk is no change event".getBytes(StandardCharsets.UTF_8),
                        frame,
                        "{\"data\":{\"mail\":\"merlin@harrier.example\"}".getBytes(StandardCharsets.UTF_8))) {
                    kinesis.putRecord(put -> put.streamName(source.stream())
                            .partitionKey("public.people|osprey@kestrel.example")
                            .data(SdkBytes.fromByteArray(data)));
                }
            }
        }
    }

    /** Masked values of some of the workload's customers, without texts that it puts into other columns as well. */
    List<String> customers() throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = live.connect("shop");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT email, phone FROM customers WHERE email LIKE '%_@_%' AND phone LIKE '+%' AND length(phone) > 8
                        ORDER BY md5(email) LIMIT 50""")) {
            while (rows.next()) {
                values.add(rows.getString(1));
                values.add(rows.getString(2));
            }
        }
        assertThat(values).hasSizeGreaterThan(20);
        return values;
    }

    /** Everything that the pipeline says to anybody. */
    Evidence gather() throws Exception {
        Evidence evidence = new Evidence();
        live.commandAlone("status");
        live.command("status", "--json");
        live.command("dead-letters", "summary");
        live.commandAlone("dead-letters", "list");
        List<String> show = new ArrayList<>(List.of("dead-letters", "show"));
        live.letters().forEach(letter -> show.add(letter.path("id").asText()));
        live.command(show.toArray(String[]::new));
        addFlink(evidence);
        addIndexes(evidence);
        addTables(evidence);
        evidence.addFiles(live.home());
        return evidence;
    }

    private void addFlink(Evidence evidence) throws Exception {
        String flink = live.endpoints().component("flink").address();
        for (String page : List.of("/config", "/overview", "/jobs/overview", "/jobmanager/config", "/jobmanager/log")) {
            get(evidence, flink + page);
        }
        for (JsonNode job : JSON.readTree(read(flink + "/jobs")).path("jobs")) {
            String address = flink + "/jobs/" + job.path("id").asText();
            for (String page : List.of("", "/config", "/plan", "/exceptions", "/checkpoints", "/accumulators")) {
                get(evidence, address + page);
            }
        }
        for (JsonNode manager : JSON.readTree(read(flink + "/taskmanagers")).path("taskmanagers")) {
            get(evidence, flink + "/taskmanagers/" + manager.path("id").asText() + "/log");
            get(evidence, flink + "/taskmanagers/" + manager.path("id").asText() + "/stdout");
        }
        get(evidence, live.endpoints().metrics());
    }

    private void addIndexes(Evidence evidence) throws Exception {
        String search = live.endpoints().component("opensearch").address();
        get(evidence, search + "/_mapping");
        for (String index : List.of("e2e-customers", "e2e-people*", "millrace-dead-letters")) {
            get(evidence, search + "/" + index + "/_search?size=10000");
        }
    }

    /** The operators' tables and those with masks, every row in every column. */
    private void addTables(Evidence evidence) throws IOException {
        try (LiveCatalog catalog = LiveCatalog.of(live)) {
            List<String> tables = new ArrayList<>(catalog.tables("ops"));
            tables.addAll(catalog.tables("shop"));
            tables.addAll(catalog.tables("shop_dms"));
            for (String table : tables) {
                StringBuilder rows = new StringBuilder();
                for (Record row : catalog.records(table)) {
                    for (int i = 0; i < row.size(); i++) {
                        Object value = row.get(i);
                        rows.append(
                                        value instanceof ByteBuffer bytes
                                                ? StandardCharsets.ISO_8859_1.decode(bytes.duplicate())
                                                : value)
                                .append('\t');
                    }
                    rows.append('\n');
                }
                evidence.add("table " + table, rows.toString());
            }
        }
    }

    private void get(Evidence evidence, String address) throws Exception {
        evidence.add(address, read(address));
    }

    private String read(String address) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}

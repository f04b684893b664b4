package io.millrace.schemas.golden;

import com.amazonaws.services.schemaregistry.kafkaconnect.avrodata.AvroData;
import com.amazonaws.services.schemaregistry.kafkaconnect.avrodata.AvroDataConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Captures every kind of record that Debezium makes of a database, and writes them as AWS's converter would:
 * the schemas as {@code <id>.avsc}, the records as lines of schema id and hexadecimal body; and as Connect's JSON converter
 * would: the schemas as {@code <id>.json}, the records as lines of schema id and payload.
 */
public final class CaptureGoldenFiles {
    private static final int MAX_BODY_BYTES = 20_000;

    private final Path folder;
    private final BlockingQueue<SourceRecord> captured = new LinkedBlockingQueue<>();
    private final AvroData avroData = new AvroData(new AvroDataConfig.Builder().build());
    private final List<String> lines = new ArrayList<>();
    private final JsonConverter json = new JsonConverter();
    private final ObjectMapper mapper = new ObjectMapper();
    private final List<String> jsonLines = new ArrayList<>();

    private CaptureGoldenFiles(Path folder) {
        this.folder = folder;
        json.configure(Map.of("schemas.enable", "true"), false);
    }

    /** Captures into a folder, whose name is the product's. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        boolean mariadb = folder.endsWith("mariadb");
        try (GoldenDatabase database = mariadb ? MariadbDatabase.start() : PostgresDatabase.start()) {
            new CaptureGoldenFiles(folder).run(database);
        }
        System.exit(0);
    }

    private void run(GoldenDatabase database) throws Exception {
        Path offsets = Files.createTempFile("golden", ".offsets");
        try (Connection connection = database.connect()) {
            execute(connection, script(database.snapshotScript()));
            ExecutorService executor = Executors.newSingleThreadExecutor();
            DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(
                            ChangeEventFormat.of(Connect.class))
                    .using(settings(database, offsets))
                    .using((success, message, error) -> {
                        if (!success) {
                            System.err.println(message);
                            if (error != null) {
                                error.printStackTrace();
                            }
                        }
                    })
                    .notifying(record -> captured.add(record.record()))
                    .build();
            executor.execute(engine);
            await("r");
            execute(connection, script(database.streamingScript()));
            await(database.lastOperation());
            engine.close();
            executor.shutdownNow();
        }
        Files.write(folder.resolve("records.txt"), lines);
        Files.write(folder.resolve("json.txt"), jsonLines);
    }

    private static Properties settings(GoldenDatabase database, Path offsets) {
        Properties settings = new Properties();
        settings.setProperty("name", "golden");
        settings.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
        settings.setProperty("offset.storage.file.filename", offsets.toString());
        settings.setProperty("topic.prefix", "golden");
        settings.putAll(database.settings());
        settings.setProperty("snapshot.mode", "initial");
        settings.setProperty("decimal.handling.mode", "precise");
        settings.setProperty("binary.handling.mode", "bytes");
        settings.setProperty("time.precision.mode", "adaptive_time_microseconds");
        settings.setProperty("include.unknown.datatypes", "true");
        settings.setProperty("tombstones.on.delete", "false");
        settings.setProperty("skipped.operations", "none");
        settings.setProperty("provide.transaction.metadata", "true");
        settings.setProperty("heartbeat.interval.ms", "1000");
        settings.setProperty("schema.name.adjustment.mode", "avro");
        settings.setProperty("field.name.adjustment.mode", "avro");
        return settings;
    }

    /** Takes records until the last row of the table "done" with an operation. */
    private void await(String operation) throws InterruptedException {
        while (true) {
            SourceRecord record = captured.poll(60, TimeUnit.SECONDS);
            if (record == null) {
                throw new IllegalStateException("Cannot capture: nothing came for a minute");
            }
            if (record.topic().endsWith(".done")) {
                if (String.valueOf(record.value()).contains("op=" + operation)) {
                    return;
                }
            } else {
                write(record);
            }
        }
    }

    /** More of the same says nothing new. */
    private boolean isSuperfluous(String name, byte[] body) {
        long seen = lines.stream().filter(line -> line.startsWith(name)).count();
        return body.length > MAX_BODY_BYTES || (!name.equals("Envelope") && seen >= 2);
    }

    private void write(SourceRecord record) {
        org.apache.avro.Schema schema = avroData.fromConnectSchema(record.valueSchema());
        UUID id = UUID.nameUUIDFromBytes(schema.toString().getBytes(StandardCharsets.UTF_8));
        try {
            Path file = folder.resolve(id + ".avsc");
            if (!Files.exists(file)) {
                Files.writeString(file, schema.toString(true) + "\n");
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(body, null);
            Object value = avroData.fromConnectData(record.valueSchema(), record.value());
            new GenericDatumWriter<>(schema).write(value, encoder);
            encoder.flush();
            if (!isSuperfluous(schema.getName(), body.toByteArray())) {
                lines.add(schema.getName() + " " + id + " " + HexFormat.of().formatHex(body.toByteArray()));
                writeJson(record, id);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The converter writes schema and payload one behind the other; they are kept apart, as the schema is most of it. */
    private void writeJson(SourceRecord record, UUID id) throws IOException {
        byte[] framed = json.fromConnectData(record.topic(), record.valueSchema(), record.value());
        JsonNode tree = mapper.readTree(framed);
        String schema = mapper.writeValueAsString(tree.get("schema"));
        String text = new String(framed, StandardCharsets.UTF_8);
        String before = "{\"schema\":" + schema + ",\"payload\":";
        if (!text.startsWith(before)) {
            throw new IllegalStateException("Cannot split record of " + record.topic());
        }
        Files.writeString(folder.resolve(id + ".json"), schema + "\n");
        jsonLines.add(id + " " + text.substring(before.length(), text.length() - 1));
    }

    private static void execute(Connection connection, String script) throws SQLException {
        // One statement at a time, so that each is a transaction; a transaction is written as one DO block.
        for (String sql : script.split(";\n")) {
            if (!sql.isBlank()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(sql);
                }
            }
        }
    }

    private static String script(String name) throws IOException {
        try (InputStream in = CaptureGoldenFiles.class.getResourceAsStream("/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package io.millrace.schemas.decode;

import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.GlueFrame.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;

/** Records that Debezium 3.5 wrote of a real database; see {@code schemas/golden/README.md}. */
final class GoldenRecords {
    static final String POSTGRESQL = "postgresql";
    static final String MARIADB = "mariadb";

    private final String folder;
    final FakeRegistry registry = new FakeRegistry();
    final List<Golden> records = new ArrayList<>();

    /** The same records, in the same order, as Connect's JSON converter writes them. */
    final List<GoldenJson> json = new ArrayList<>();

    /**
     * A record.
     *
     * @param kind the name of its schema
     */
    record Golden(String kind, UUID schemaId, byte[] body) {
        RawRecord framed(Compression compression) {
            return raw(GlueFrame.write(schemaId, body, compression));
        }
    }

    /**
     * A record in JSON.
     *
     * @param schema its Connect schema
     */
    record GoldenJson(String schema, String payload) {
        RawRecord bare() {
            return raw(payload.getBytes(StandardCharsets.UTF_8));
        }

        RawRecord framed() {
            return raw(("{\"schema\":" + schema + ",\"payload\":" + payload + "}").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Those of a PostgreSQL database. */
    GoldenRecords() {
        this(POSTGRESQL);
    }

    /** Those of a database of a product. */
    GoldenRecords(String product) {
        folder = "/golden/" + product + "/";
        Map<String, String> schemas = new HashMap<>();
        for (String line : read("json.txt").split("\n")) {
            int blank = line.indexOf(' ');
            String schema = schemas.computeIfAbsent(
                    line.substring(0, blank), id -> read(id + ".json").strip());
            json.add(new GoldenJson(schema, line.substring(blank + 1)));
        }
        for (String line : read("records.txt").split("\n")) {
            String[] words = line.split(" ");
            UUID id = UUID.fromString(words[1]);
            if (!registry.has(id)) {
                registry.put(id, new Schema.Parser().parse(read(id + ".avsc")));
            }
            records.add(new Golden(words[0], id, HexFormat.of().parseHex(words[2])));
        }
    }

    static RawRecord raw(byte[] data) {
        return new RawRecord("golden", "stream", "shard-0", "1", null, 1_700_000_000_000L, data);
    }

    private String read(String name) {
        return resource(folder + name);
    }

    static String resource(String name) {
        try (InputStream in = GoldenRecords.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("Cannot find golden file: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.registry.GlueFrame.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DebeziumGoldenTest {
    private final GoldenRecords golden = new GoldenRecords();

    static List<TableRoute> routes() {
        return List.of(
                route("public", "types", "id"),
                route("public", "items", "tenant", "item_id"),
                route("public", "audited", "state", "id"),
                route("public", "free_numerics", "id"),
                route("public", "toasted", "id"));
    }

    static List<TableRoute> mariadbRoutes() {
        return List.of(route("golden", "types", "id"), route("golden", "items", "tenant", "item_id"));
    }

    private static TableRoute route(String schema, String table, String... key) {
        return new TableRoute(new TableId("golden", schema, table), List.of(key), null, null);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void realRecordsDecodeAsWrittenDown(Compression compression) throws IOException {
        assertDecoded(GoldenRecords.POSTGRESQL, golden, routes(), compression);
    }

    @Test
    void realRecordsOfMariadbDecodeAsWrittenDown() throws IOException {
        assertDecoded(
                GoldenRecords.MARIADB, new GoldenRecords(GoldenRecords.MARIADB), mariadbRoutes(), Compression.NONE);
    }

    @Test
    void realRecordsOfMariadbInJsonAreTheSameChanges() {
        GoldenRecords mariadb = new GoldenRecords(GoldenRecords.MARIADB);
        DebeziumAvroDecoder avro = new DebeziumAvroDecoder(mariadbRoutes(), mariadb.registry);
        DebeziumJsonDecoder json = new DebeziumJsonDecoder(mariadbRoutes());

        for (int i = 0; i < mariadb.records.size(); i++) {
            StringBuilder inAvro = new StringBuilder();
            Described.describe(avro.decode(mariadb.records.get(i).framed(Compression.NONE)), inAvro);
            StringBuilder inJson = new StringBuilder();
            Described.describe(json.decode(mariadb.json.get(i).framed()), inJson);
            assertThat(inJson.toString()).as("record %s", i).isEqualTo(inAvro.toString());
        }
    }

    private static void assertDecoded(
            String product, GoldenRecords records, List<TableRoute> routes, Compression compression)
            throws IOException {
        Path file = Path.of("src", "test", "resources", "golden", product, "decoded.txt");
        DebeziumAvroDecoder decoder = new DebeziumAvroDecoder(routes, records.registry);

        StringBuilder decoded = new StringBuilder();
        records.records.forEach(record -> Described.describe(decoder.decode(record.framed(compression)), decoded));

        if (Boolean.getBoolean("millrace.regenerate")) {
            Files.writeString(file, decoded);
        }
        assertThat(decoded.toString())
                .as("what was decoded, against decoded.txt; after a wanted change run: "
                        + "mvn -q -B -pl schemas test -Dtest=DebeziumGoldenTest -Dmillrace.regenerate=true")
                .isEqualTo(Files.readString(file));
    }

    @Test
    void schemaIsLookedUpOnce() {
        DebeziumAvroDecoder decoder = new DebeziumAvroDecoder(routes(), golden.registry);

        golden.records.forEach(record -> decoder.decode(record.framed(Compression.NONE)));

        assertThat(golden.registry.lookups)
                .isEqualTo(golden.records.stream()
                        .map(GoldenRecords.Golden::schemaId)
                        .distinct()
                        .count());
    }
}

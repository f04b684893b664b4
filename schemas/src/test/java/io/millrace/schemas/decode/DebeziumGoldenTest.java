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
    private static final Path DECODED = Path.of("src", "test", "resources", "golden", "postgresql", "decoded.txt");

    private final GoldenRecords golden = new GoldenRecords();

    static List<TableRoute> routes() {
        return List.of(
                route("types", "id"),
                route("items", "tenant", "item_id"),
                route("audited", "state", "id"),
                route("free_numerics", "id"),
                route("toasted", "id"));
    }

    private static TableRoute route(String table, String... key) {
        return new TableRoute(new TableId("golden", "public", table), List.of(key), null, null);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void realRecordsDecodeAsWrittenDown(Compression compression) throws IOException {
        DebeziumAvroDecoder decoder = new DebeziumAvroDecoder(routes(), golden.registry);

        StringBuilder decoded = new StringBuilder();
        golden.records.forEach(record -> Described.describe(decoder.decode(record.framed(compression)), decoded));

        if (Boolean.getBoolean("millrace.regenerate")) {
            Files.writeString(DECODED, decoded);
        }
        assertThat(decoded.toString())
                .as("what was decoded, against decoded.txt; after a wanted change run: "
                        + "mvn -q -B -pl schemas test -Dtest=DebeziumGoldenTest -Dmillrace.regenerate=true")
                .isEqualTo(Files.readString(DECODED));
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

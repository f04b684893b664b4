package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Records as DMS documents them and as others have captured them, PostgreSQL's and MariaDB's. */
class DmsGoldenTest {
    static final String RECORDS = "/golden/dms/records.jsonl";
    private static final Path DECODED = Path.of("src", "test", "resources", "golden", "dms", "decoded.txt");

    static DmsJsonDecoder decoder() {
        return new DmsJsonDecoder(
                List.of(
                        new TableRoute(
                                new TableId("golden", "public", "foo"),
                                List.of("id"),
                                columns(),
                                null,
                                null,
                                Map.of(),
                                Quality.NONE),
                        new TableRoute(new TableId("golden", "shop", "bar"), List.of("id"), null, null)),
                "before-image");
    }

    /** In the order of a pipeline file. */
    private static Map<String, DeclaredType> columns() {
        Map<String, DeclaredType> columns = new LinkedHashMap<>();
        columns.put("id", type("int32"));
        columns.put("age", type("int32"));
        columns.put("attributes", type("json"));
        columns.put("weight", type("decimal(6,3)"));
        return columns;
    }

    private static DeclaredType type(String text) {
        return Objects.requireNonNull(DeclaredType.parse(text));
    }

    @Test
    void recordsDecodeAsWrittenDown() throws IOException {
        DmsJsonDecoder decoder = decoder();

        StringBuilder decoded = new StringBuilder();
        for (String line : GoldenRecords.resource(RECORDS).split("\n")) {
            Described.describe(decoder.decode(GoldenRecords.raw(line.getBytes(StandardCharsets.UTF_8))), decoded);
        }

        if (Boolean.getBoolean("millrace.regenerate")) {
            Files.writeString(DECODED, decoded);
        }
        assertThat(decoded.toString())
                .as("what was decoded, against decoded.txt; after a wanted change run: "
                        + "mvn -q -B -pl schemas test -Dtest=DmsGoldenTest -Dmillrace.regenerate=true")
                .isEqualTo(Files.readString(DECODED));
    }
}

package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.registry.GlueFrame.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        golden.records.forEach(record -> describe(decoder.decode(record.framed(compression)), decoded));

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

    private static void describe(Decoding decoding, StringBuilder out) {
        if (decoding instanceof Decoding.Changes changes) {
            changes.events().forEach(event -> describe(event, out));
        } else if (decoding instanceof Decoding.Control control) {
            out.append("control: ").append(control.kind()).append("\n\n");
        } else {
            out.append(decoding).append("\n\n");
        }
    }

    private static void describe(ChangeEvent event, StringBuilder out) {
        out.append(event.operation()).append(' ').append(event.key()).append('\n');
        out.append("  position ").append(event.position());
        out.append(" at ").append(event.eventTimeMicros()).append('\n');
        describe("before", event.before(), out);
        describe("after", event.after(), out);
        out.append('\n');
    }

    private static void describe(String name, @Nullable Row row, StringBuilder out) {
        if (row == null) {
            return;
        }
        List<Column> columns = row.schema().columns();
        List<String> nulls = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Object value = row.value(i);
            Column column = columns.get(i);
            if (value == null) {
                nulls.add(column.name());
            } else {
                String text = value == Unavailable.INSTANCE ? "UNAVAILABLE" : KeyText.of(column.type(), value);
                out.append("  ").append(name).append(' ').append(column.name()).append(' ');
                out.append(column.type()).append(column.nullable() ? "? = " : " = ");
                out.append(text.length() > 200 ? text.substring(0, 200) + "…" : text)
                        .append('\n');
            }
        }
        if (!nulls.isEmpty()) {
            out.append("  ")
                    .append(name)
                    .append(" null: ")
                    .append(String.join(" ", nulls))
                    .append('\n');
        }
    }
}

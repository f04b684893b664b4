package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.document.IndexMapping;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.registry.GlueFrame.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/types.md says is what becomes of the columns of a real database. */
class TypeTableTest {
    private static final RowSchema POSTGRESQL =
            seen(new GoldenRecords(GoldenRecords.POSTGRESQL), DebeziumGoldenTest.routes());
    private static final RowSchema MARIADB =
            seen(new GoldenRecords(GoldenRecords.MARIADB), DebeziumGoldenTest.mariadbRoutes());

    /** A row of the page. */
    private record TypeRow(
            RowSchema seen, String type, String millrace, String openSearch, String declared, List<String> seenIn) {}

    static List<TypeRow> rows() throws IOException {
        List<TypeRow> rows = new ArrayList<>(rows("## PostgreSQL", POSTGRESQL));
        rows.addAll(rows("## MariaDB", MARIADB));
        return rows;
    }

    private static List<TypeRow> rows(String chapter, RowSchema seen) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "types.md"));
        String table = page.substring(page.indexOf("\n|---", page.indexOf(chapter)) + 1);
        return table.lines()
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split(" *\\| *"))
                .map(cells -> new TypeRow(seen, cells[1], cells[3], cells[5], cells[6], List.of(cells[7].split(", "))))
                .toList();
    }

    /** The columns of the golden table that has one of each type. */
    private static RowSchema seen(GoldenRecords golden, List<TableRoute> routes) {
        DebeziumAvroDecoder decoder = new DebeziumAvroDecoder(routes, golden.registry);
        return golden.records.stream()
                .map(record -> decoder.decode(record.framed(Compression.NONE)))
                .filter(decoding -> decoding instanceof Decoding.Changes changes
                        && changes.events().get(0).table().name().equals("types"))
                .map(decoding -> Objects.requireNonNull(
                                ((Decoding.Changes) decoding).events().get(0).after())
                        .schema())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void columnsBecomeWhatTheTableSays(TypeRow row) {
        for (String name : row.seenIn()) {
            assertThat(row.seen().indexOf(name)).as(name).isNotNegative();
            ColumnType type = row.seen().columns().get(row.seen().indexOf(name)).type();

            assertThat(type).as(name).isEqualTo(declared(row.millrace()));
            assertThat(IndexMapping.of(new RowSchema(List.of(new Column(name, type, true))))
                            .at("/properties/" + name + "/type")
                            .asText())
                    .as(name)
                    .isEqualTo(row.openSearch());
            if (!row.declared().equals("–")) {
                assertThat(declared(row.declared())).as(name).isEqualTo(type);
            }
        }
    }

    private static ColumnType declared(String text) {
        return Objects.requireNonNull(DeclaredType.parse(text), text).type();
    }

    @Test
    void tablesHaveEveryColumnThatIsSeen() throws IOException {
        assertThat(missing("## PostgreSQL", POSTGRESQL)).containsExactly("id");
        assertThat(missing("## MariaDB", MARIADB)).containsExactly("id");
    }

    private static Set<String> missing(String chapter, RowSchema seen) throws IOException {
        Set<String> missing = new HashSet<>();
        seen.columns().forEach(column -> missing.add(column.name()));
        rows(chapter, seen).forEach(row -> row.seenIn().forEach(missing::remove));
        return missing;
    }
}

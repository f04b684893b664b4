package io.millrace.stream.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.DeclaredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/types.md says of Iceberg is what columns become there. */
class TypeTableTest {

    /** The rows of the tables by source database: those of seven columns. */
    static List<Arguments> rows() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "types.md")).stream()
                .map(line -> line.split(" *\\| *"))
                .filter(cells -> cells.length == 8 && !cells[3].equals("Millrace") && !cells[3].startsWith("--"))
                .map(cells -> Arguments.of(cells[3], cells[4]))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void typeBecomesWhatTheTableSays(String millrace, String iceberg) {
        ColumnType type =
                Objects.requireNonNull(DeclaredType.parse(millrace), millrace).type();

        assertThat(TableSchema.of(new RowSchema(List.of(new Column("c", type, true))), List.of())
                        .findType("c")
                        .toString())
                .isEqualTo(iceberg);
    }
}

package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.reconcile.RepairRows.RepairColumn;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.replay.RepairRequest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepairRowsTest {
    private static final TableRoute ROUTE =
            new TableRoute(new TableId("shop", "public", "t"), List.of("id"), null, null);

    @Test
    void textsOfPostgresBecomeTextsOfThePipeline() throws Exception {
        RepairRequest.Body body = rows(
                        column("id", "int8", -1),
                        column("at", "timestamptz", -1),
                        column("price", "numeric", (9 << 16 | 2) + 4),
                        column("free", "numeric", -1),
                        column("days", "_date", -1),
                        column("span", "interval", -1),
                        column("data", "bytea", -1),
                        column("note", "text", -1))
                .row(Arrays.asList(
                        "7",
                        "2024-02-29 13:05:00.5+00",
                        "1.50",
                        "1.500",
                        "{2024-02-29,NULL}",
                        "P1DT2H",
                        "\\x00ff10",
                        null));

        assertThat(body.key()).containsExactly("7");
        assertThat(body.columns())
                .extracting(RepairRequest.BodyColumn::type)
                .containsExactly(
                        "int64", "timestamptz", "decimal(9,2)", "string", "array(date)", "string", "bytes", "string");
        assertThat(body.values())
                .containsExactly(
                        "7",
                        "2024-02-29T13:05:00.500000Z",
                        "1.50",
                        "1.5",
                        Arrays.<@Nullable String>asList("2024-02-29", null),
                        "P1DT2H",
                        "AP8Q",
                        null);
    }

    @ParameterizedTest
    @CsvSource({"_int4,'{{1,2},{3,4}}'", "hstore,''"})
    void whatThePipelineHasNoValueForIsNotSent(String type, String text) {
        assertThatThrownBy(() ->
                        rows(column("id", "int8", -1), column("c", type, -1)).row(List.of("1", text)))
                .isInstanceOf(RepairRows.NoRow.class)
                .hasMessageContaining("column c");
    }

    @Test
    void notANumberIsNoDecimal() {
        assertThatThrownBy(
                        () -> rows(column("id", "numeric", (9 << 16 | 2) + 4)).row(List.of("NaN")))
                .isInstanceOf(RepairRows.NoRow.class);
    }

    private static RepairRows rows(RepairColumn... columns) {
        return new RepairRows(ROUTE, List.of(columns));
    }

    private static RepairColumn column(String name, String type, int modifier) {
        PostgresType of = new PostgresType(type.replaceFirst("^_", ""), "b", modifier, type.startsWith("_"));
        return new RepairColumn(name, of.source(), of.ofRows(), true);
    }
}

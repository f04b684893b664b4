package io.millrace.batch.raw.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeEvidenceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1;-20;0|int64",
                "999999999999999999|int64",
                "9223372036854775808|decimal(38,0)",
                "1.50;20|decimal(9,2)",
                "12345678.125|decimal(18,3)",
                "1e3;1.5|float64",
                "007;12|string",
                "+5|string",
                "-0|string",
                "1.|string",
                "true;false|boolean",
                "true;1|string",
                "2024-02-29|date",
                "2023-02-29|string",
                "2024-02-29 13:05:07.123456;2024-02-29T00:00:00|timestamp",
                "2024-02-29 13:05:07+01;2024-02-29T13:05:07Z|timestamptz",
                "2024-02-29;2024-02-29 13:05:07|string",
                "2024-02-29 13:05:07;2024-02-29 13:05:07Z|string",
                "12345678901234567890.1234567890123456789|string",
                "a;1|string",
                "''|string",
                "'';5|int64",
            })
    void typeIsTheNarrowestThatHoldsAllValues(String values, String type) {
        assertThat(new TableColumn("c", evidence(values.split(";", -1)).type().type()).declaredType())
                .isEqualTo(type);
    }

    @Test
    void mergedEvidenceIsThatOfAllValues() {
        TypeEvidence one = evidence("1", "2.5");
        one.add(evidence("1234.125"));
        one.add(new TypeEvidence());

        assertThat(one.type().type()).isEqualTo(new ColumnType.Decimal(9, 3));
    }

    @Test
    void columnsGrowOnlyAsIcebergLetsThem() {
        ColumnType money = new ColumnType.Decimal(9, 2);

        assertThat(evidence("12345678.50").widened(money)).isEqualTo(new ColumnType.Decimal(18, 2));
        assertThat(evidence("1.125").widened(money)).isEqualTo(money);
        assertThat(evidence("x").widened(money)).isEqualTo(money);
        assertThat(evidence("5000000000").widened(Primitive.INT32)).isEqualTo(Primitive.INT64);
        assertThat(evidence("5").widened(Primitive.INT32)).isEqualTo(Primitive.INT32);
        assertThat(evidence("1.5").widened(Primitive.INT64)).isEqualTo(Primitive.INT64);
    }

    private static TypeEvidence evidence(String... values) {
        TypeEvidence evidence = new TypeEvidence();
        Stream.of(values).map(value -> value.equals("''") ? "" : value).forEach(evidence::add);
        return evidence;
    }
}

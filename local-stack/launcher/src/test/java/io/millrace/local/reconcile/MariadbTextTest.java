package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.reconcile.SourceType.Scalar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MariadbTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            tinyint(1)           | 0  | -7                          | -7
            bigint(20) unsigned  | 20 | 18446744073709551615        | 18446744073709551615
            year(4)              | 0  | 0                           | 0
            decimal(12,2)        | 12 | 0.10                        | 0.10
            float                | 12 | 0.12345679104328156         | 0.12345679
            double               | 22 | 1.7976931348623157e308      | 1.7976931348623157E308
            bit(1)               | 1  | 1                           | true
            bit(12)              | 12 | 0A01                        | AQo
            binary(3)            | 0  | 00FF00                      | AP8A
            date                 | 0  | 2024-02-29                  | 2024-02-29
            date                 | 0  | 0000-00-00                  |
            date                 | 0  | 2024-00-10                  |
            date                 | 0  | 2024-02-00                  |
            time                 | 0  | -838:59:59                  | -838:59:59.000000
            time(1)              | 0  | 01:02:03.5                  | 01:02:03.500000
            datetime             | 0  | 2024-02-29 13:05:07         | 2024-02-29T13:05:07.000000
            datetime(6)          | 0  | 1000-01-01 00:00:00.000001  | 1000-01-01T00:00:00.000001
            datetime             | 0  | 0000-00-00 00:00:00         |
            timestamp(3)         | 0  | 2024-02-29 13:05:07.123     | 2024-02-29T13:05:07.123000Z
            uuid                 | 0  | 6CCD780C-BABA-1026-9564-5B8C656024DB | 6ccd780c-baba-1026-9564-5b8c656024db
            enum('a','b')        | 0  | a                           | a
            longtext             | 0  | { "a" :1}                   | { "a" :1}
            """)
    void textsOfTheServerBecomeThoseOfTheTargets(String full, int digits, String text, @Nullable String canonical) {
        assertThat(MariadbText.canonical(column(full, digits, true), text)).isEqualTo(canonical);
    }

    @Test
    void datesThatAreNoneAreTheEpochWhereNoNullMayStand() {
        assertThat(MariadbText.canonical(column("date", 0, false), "0000-00-00"))
                .isEqualTo("1970-01-01");
        assertThat(MariadbText.canonical(column("timestamp", 0, false), "0000-00-00 00:00:00"))
                .isEqualTo("1970-01-01T00:00:00.000000Z");
    }

    @Test
    void typesAreThoseOfTheTargets() {
        assertThat(column("int(10) unsigned", 10, true).type()).isEqualTo(Scalar.INTEGER);
        assertThat(column("bigint(20)", 19, true).type()).isEqualTo(Scalar.INTEGER);
        assertThat(column("float", 12, true).type()).isEqualTo(Scalar.REAL);
        assertThat(column("float(7,4)", 7, true).type()).isEqualTo(Scalar.DOUBLE);
        assertThat(column("multipolygon", 0, true).type()).isEqualTo(Scalar.BYTES);
        assertThat(column("set('a')", 0, true).type()).isEqualTo(Scalar.TEXT);
    }

    private static MariadbColumn column(String full, int digits, boolean nullable) {
        return MariadbColumn.of("c", full.replaceFirst("[( ].*", ""), full, digits, nullable);
    }
}

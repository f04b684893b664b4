package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.Scalar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresTextTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\u0000',
            value = {
                "BOOLEAN; t; true",
                "BOOLEAN; f; false",
                "INTEGER; -9223372036854775808; -9223372036854775808",
                "REAL; 1.1; 1.1",
                "REAL; -0; -0.0",
                "REAL; 1.6777216e+07; 1.6777216E7",
                "DOUBLE; NaN; NaN",
                "DOUBLE; -Infinity; -Infinity",
                "DOUBLE; 1e-300; 1.0E-300",
                "NUMERIC; 1.50; 1.50",
                "NUMERIC; NaN; NaN",
                "BYTES; \\x00ff10; AP8Q",
                "DATE; 2024-02-29; 2024-02-29",
                "DATE; 0001-01-01; 0001-01-01",
                "DATE; 0044-03-15 BC; -0043-03-15",
                "DATE; infinity; infinity",
                "TIME; 12:34:56; 12:34:56.000000",
                "TIME; 12:34:56.789; 12:34:56.789000",
                "TIME; 24:00:00; 24:00:00.000000",
                "TIME_TZ; 10:15:30.5+02; 08:15:30.500000Z",
                "TIME_TZ; 00:15:00-05:30; 05:45:00.000000Z",
                "INTERVAL; P1Y2M3DT4H5M6.5S; 14 months 3 days 14706.500000 s",
                "INTERVAL; PT0S; 0 months 0 days 0.000000 s",
                "INTERVAL; P-1Y-2M3DT-4H; -14 months 3 days -14400.000000 s",
                "HSTORE; \"b\"=>NULL, \"a\"=>\"x,\\\"y\"; [a,x\\,\"y,b,\\N,]",
                "TIMESTAMP; 9999-12-31 23:59:59.999999; 9999-12-31T23:59:59.999999",
                "TIMESTAMP; 0001-01-01 00:00:00; 0001-01-01T00:00:00.000000",
                "TIMESTAMP; 0044-03-15 12:00:00 BC; -0043-03-15T12:00:00.000000",
                "TIMESTAMP_TZ; 2024-02-29 13:05:00.123456+00; 2024-02-29T13:05:00.123456Z",
                "TIMESTAMP_TZ; 0044-03-15 12:00:00+00 BC; -0043-03-15T12:00:00.000000Z",
                "TIMESTAMP_TZ; -infinity; -infinity",
                "UUID; 0A0A0A0A-0000-0000-0000-000000000001; 0a0a0a0a-0000-0000-0000-000000000001"
            },
            delimiter = ';')
    void readsWhatTheServerWrites(Scalar type, String text, String canonical) {
        assertThat(PostgresText.canonical(type, text)).isEqualTo(canonical);
    }

    @Test
    void textsStayAsTheyAre() {
        assertThat(PostgresText.canonical(Scalar.TEXT, " a'\\b\n🦊 ")).isEqualTo(" a'\\b\n🦊 ");
        assertThat(PostgresText.canonical(Scalar.TEXT, "")).isEmpty();
    }

    @Test
    void nullIsNotAnEmptyText() {
        assertThat(PostgresText.canonical(Scalar.TEXT, null)).isNull();
    }

    @Test
    void emptyArrayIsNotAnArrayOfAnEmptyText() {
        assertThat(texts("{}")).isEqualTo("[]");
        assertThat(texts("{\"\"}")).isEqualTo("[,]");
    }

    @Test
    void arrayTellsNullFromTheWordNull() {
        assertThat(texts("{NULL,\"NULL\"}")).isEqualTo("[\\N,NULL,]");
    }

    @Test
    void arrayElementsAreUnquoted() {
        assertThat(texts("{a b,\"b\\\"2\\\\\",\"c,d\",\"{e}\"}")).isEqualTo("[a b,b\"2\\\\,c\\,d,{e},]");
    }

    @Test
    void arrayElementsAreReadByTheirType() {
        assertThat(PostgresText.canonical(new Array(Scalar.REAL), "{1,NaN,NULL}"))
                .isEqualTo("[1.0,NaN,\\N,]");
    }

    @Test
    void arrayWithBoundsOrDimensionsIsRead() {
        assertThat(PostgresText.canonical(new Array(Scalar.INTEGER), "[0:1]={7,8}"))
                .isEqualTo("[7,8,]");
        assertThat(PostgresText.canonical(new Array(Scalar.INTEGER), "{{1,2},{3,4}}"))
                .isEqualTo("[[1\\,2\\,],[3\\,4\\,],]");
    }

    private static @Nullable String texts(String array) {
        return PostgresText.canonical(new Array(Scalar.TEXT), array);
    }
}

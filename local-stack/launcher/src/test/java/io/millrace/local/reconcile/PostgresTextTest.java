package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.AsBytes;
import io.millrace.local.reconcile.SourceType.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
                "FREE_NUMERIC; 1001.50; 1001.5",
                "FREE_NUMERIC; 1200.000; 1200",
                "FREE_NUMERIC; 0.00; 0",
                "FREE_NUMERIC; NaN; NaN",
                "NUMERIC; NaN; NaN",
                "BYTES; \\x00ff10; AP8Q",
                "DATE; 2024-02-29; 2024-02-29",
                "DATE; 0001-01-01; 0001-01-01",
                "DATE; 0044-03-15 BC; -0043-03-15",
                "DATE; infinity; +5881580-07-11",
                "DATE; -infinity; -5877641-06-23",
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
                "TIMESTAMP; infinity; +294247-01-10T04:00:25.200000",
                "TIMESTAMP_TZ; -infinity; -290308-12-21T19:59:27.600000Z",
                "UUID; 0A0A0A0A-0000-0000-0000-000000000001; 0a0a0a0a-0000-0000-0000-000000000001"
            },
            delimiter = ';')
    void readsWhatTheServerWrites(Scalar type, String text, String canonical) {
        assertThat(PostgresText.canonical(type, text)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\u0000',
            value = {
                "BITS; 1010101010; aa02",
                "BITS; 101; 05",
                "BITS; 0000000001; 01",
                "POINT; (1.5,-2); 0101000000000000000000f83f00000000000000c0",
                "SHAPE; <(0,1e+20),-2.5>; 3c28302e302c312e30453230292c2d322e353e",
                "TEXT; (3,ü); 28332cc3bc29"
            },
            delimiter = ';')
    void readsWhatTheTargetsHaveAsBytes(AsBytes type, String text, String hex) {
        assertThat(PostgresText.canonical(type, text))
                .isEqualTo(Canonical.bytes(HexFormat.of().parseHex(hex)));
    }

    @ParameterizedTest
    @CsvSource({
        "DATE,2024-02-29",
        "DATE,0044-03-15 BC",
        "DATE,12024-02-29",
        "DATE,infinity",
        "DATE,-infinity",
        "TIMESTAMP,2024-02-29 12:00:00.000001",
        "TIMESTAMP,-infinity",
        "TIMESTAMP_TZ,0044-03-15 12:00:00.500000+00 BC",
        "TIMESTAMP_TZ,infinity",
        "BYTES,\\x00ff10"
    })
    void keyOfATargetIsFoundInTheSource(Scalar type, String text) {
        assertThat(PostgresText.of(type, String.valueOf(PostgresText.canonical(type, text))))
                .isEqualTo(text);
    }

    @Test
    void keyThatTheSourceCannotHaveStaysAsItIs() {
        assertThat(PostgresText.of(Scalar.DATE, "soon")).isEqualTo("soon");
        assertThat(PostgresText.of(Scalar.TIMESTAMP_TZ, "")).isEmpty();
    }

    @Test
    void longMapsAreRead() {
        String quotes = "\\\"".repeat(20_000);

        assertThat(PostgresText.canonical(Scalar.HSTORE, "\"k\"=>\"" + quotes + "\""))
                .hasSize(20_000 + "[k,,]".length());
        assertThat(PostgresText.canonical(Scalar.HSTORE, "")).isEqualTo("[]");
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

    @Test
    void arrayOfBoxesHasItsOwnDelimiter() {
        assertThat(PostgresArray.elements(AsBytes.BOX, "{(1,1),(0,0);(2,2),(0,0)}"))
                .containsExactly(
                        Canonical.bytes("(1.0,1.0),(0.0,0.0)".getBytes(StandardCharsets.UTF_8)),
                        Canonical.bytes("(2.0,2.0),(0.0,0.0)".getBytes(StandardCharsets.UTF_8)));
    }

    private static @Nullable String texts(String array) {
        return PostgresText.canonical(new Array(Scalar.TEXT), array);
    }
}

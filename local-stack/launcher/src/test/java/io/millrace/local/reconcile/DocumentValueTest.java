package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.Scalar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DocumentValueTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\u0000',
            delimiter = ';',
            value = {
                "BOOLEAN; true; true",
                "INTEGER; 9223372036854775807; 9223372036854775807",
                "REAL; 1.1; 1.1",
                "REAL; -0.0; -0.0",
                "REAL; \"NaN\"; NaN",
                "DOUBLE; 1e300; 1.0E300",
                "DOUBLE; \"-Infinity\"; -Infinity",
                "NUMERIC; \"1.50\"; 1.50",
                "BYTES; \"AP8Q\"; AP8Q",
                "TIMESTAMP_TZ; \"2024-02-29T13:05:00.123456Z\"; 2024-02-29T13:05:00.123456Z",
                "TIME_TZ; \"08:15:30.5Z\"; 08:15:30.500000Z",
                "INTERVAL; \"P1Y2M3DT4H5M6.5S\"; 14 months 3 days 14706.500000 s",
                "HSTORE; \"{\\\"b\\\":null,\\\"a\\\":\\\"x,y\\\"}\"; [a,x\\,y,b,\\N,]",
                "TEXT; \"\\u00e9\"; é"
            })
    void readsAField(Scalar type, String json, String canonical) throws Exception {
        assertThat(read(type, json)).isEqualTo(canonical);
    }

    @Test
    void numberInAPlaceOfATextIsUnexpected() throws Exception {
        assertThat(read(Scalar.TEXT, "1")).startsWith("\0unexpected");
        assertThat(read(Scalar.NUMERIC, "1.5")).startsWith("\0unexpected");
        assertThat(read(Scalar.NUMERIC, "\"no 1\"")).startsWith("\0unexpected");
        assertThat(read(Scalar.FREE_NUMERIC, "\"1.50\"")).isEqualTo("1.5");
    }

    @Test
    void textInThePlaceOfANumberIsUnexpected() throws Exception {
        assertThat(read(Scalar.INTEGER, "\"1\"")).startsWith("\0unexpected");
        assertThat(read(Scalar.BOOLEAN, "\"true\"")).startsWith("\0unexpected");
    }

    @ParameterizedTest
    @EnumSource(
            value = Scalar.class,
            names = {"NUMERIC", "FREE_NUMERIC", "BYTES", "TIME_TZ", "INTERVAL", "HSTORE"})
    void textThatIsNoneOfTheTypeIsUnexpected(Scalar type) throws Exception {
        assertThat(read(type, "\"{1}\"")).startsWith("\0unexpected");
        assertThat(read(Scalar.TIME_TZ, "\"99:15:30.5Z\"")).startsWith("\0unexpected");
    }

    @Test
    void nullStaysNull() throws Exception {
        assertThat(read(Scalar.TEXT, "null")).isNull();
    }

    @Test
    void listKeepsNullsAndOrder() throws Exception {
        assertThat(read(new Array(Scalar.TEXT), "[\"b\", null, \"\"]")).isEqualTo("[b,\\N,,]");
    }

    private static @Nullable String read(SourceType type, String json) throws Exception {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            return DocumentValue.canonical(type, JsonReader.value(parser));
        }
    }
}

package io.millrace.schemas.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowSchema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentTest {

    static Stream<Arguments> valuesOfEveryType() {
        return Stream.of(
                Arguments.of(Primitive.BOOLEAN, true, "true"),
                Arguments.of(Primitive.INT32, -7, "-7"),
                Arguments.of(Primitive.INT64, Long.MAX_VALUE, "9223372036854775807"),
                Arguments.of(Primitive.FLOAT32, 1.5f, "1.5"),
                Arguments.of(Primitive.FLOAT32, Float.NEGATIVE_INFINITY, "\"-Infinity\""),
                Arguments.of(Primitive.FLOAT64, 0.1, "0.1"),
                Arguments.of(Primitive.FLOAT64, Double.NaN, "\"NaN\""),
                Arguments.of(Primitive.STRING, "a\"b\n–", "\"a\\\"b\\n–\""),
                Arguments.of(Primitive.BYTES, ByteBuffer.wrap(new byte[] {0, (byte) 0xFF}), "\"AP8=\""),
                Arguments.of(Primitive.DATE, 19782, "\"2024-02-29\""),
                Arguments.of(Primitive.DATE, -719_529, "\"-0001-12-31\""),
                Arguments.of(Primitive.TIME, 1L, "\"00:00:00.000001\""),
                Arguments.of(Primitive.TIME, 86_400_000_000L, "\"24:00:00.000000\""),
                Arguments.of(Primitive.TIMESTAMP, -1L, "\"1969-12-31T23:59:59.999999\""),
                Arguments.of(Primitive.TIMESTAMP_TZ, 0L, "\"1970-01-01T00:00:00.000000Z\""),
                Arguments.of(Primitive.UUID, new UUID(0, 1), "\"00000000-0000-0000-0000-000000000001\""),
                Arguments.of(Primitive.JSON, "{\"a\": 1}", "\"{\\\"a\\\": 1}\""),
                Arguments.of(
                        new Decimal(38, 2),
                        new BigDecimal("123456789012345678901234567890.10"),
                        "\"123456789012345678901234567890.10\""),
                Arguments.of(new Array(Primitive.STRING), Arrays.asList("a", null), "[\"a\",null]"),
                Arguments.of(Primitive.STRING, null, "null"));
    }

    @ParameterizedTest
    @MethodSource("valuesOfEveryType")
    void writesAValueWithoutLoss(ColumnType type, @Nullable Object value, String json) {
        RowSchema schema = new RowSchema(List.of(new Column("c", type, true)));

        byte[] document = Document.of(new Row(schema, new @Nullable Object[] {value}));

        assertThat(new String(document, StandardCharsets.UTF_8)).isEqualTo("{\"c\":" + json + "}");
    }

    @Test
    void mapsEveryColumnExplicitly() {
        RowSchema schema = new RowSchema(List.of(
                new Column("id", Primitive.INT64, false),
                new Column("at", Primitive.TIMESTAMP_TZ, true),
                new Column("tags", new Array(Primitive.STRING), true)));

        String mapping = IndexMapping.of(schema).toString();

        assertThat(mapping)
                .isEqualTo("{\"dynamic\":false,\"properties\":{"
                        + "\"id\":{\"type\":\"long\",\"ignore_malformed\":true},"
                        + "\"at\":{\"type\":\"date\",\"ignore_malformed\":true,\"format\":\"strict_date_optional_time\"},"
                        + "\"tags\":{\"type\":\"text\",\"norms\":false,\"fields\":{\"keyword\":"
                        + "{\"type\":\"keyword\",\"ignore_above\":1024}}}}}");
    }
}

package io.millrace.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.schemas.event.ColumnType.Primitive;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyTextTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of(Primitive.BOOLEAN, true, "true"),
                Arguments.of(Primitive.INT32, -5, "-5"),
                Arguments.of(Primitive.INT64, Long.MIN_VALUE, "-9223372036854775808"),
                Arguments.of(Primitive.FLOAT32, -0.0f, "0.0"),
                Arguments.of(Primitive.FLOAT64, -0.0d, "0.0"),
                Arguments.of(Primitive.FLOAT64, Double.NaN, "NaN"),
                Arguments.of(Primitive.STRING, "a|b", "a|b"),
                Arguments.of(Primitive.BYTES, ByteBuffer.wrap(new byte[] {-1, -2, -3, -4}), "__79_A"),
                Arguments.of(Primitive.DATE, -1, "1969-12-31"),
                Arguments.of(Primitive.DATE, Integer.MAX_VALUE, "+5881580-07-11"),
                Arguments.of(Primitive.TIME, 86_400_000_000L, "24:00:00.000000"),
                Arguments.of(Primitive.TIME, 3_020_399_000_000L, "838:59:59.000000"),
                Arguments.of(Primitive.TIME, -3_723_000_001L, "-01:02:03.000001"),
                Arguments.of(Primitive.TIME, -500_000L, "-00:00:00.500000"),
                Arguments.of(Primitive.TIME, 3_723_000_001L, "01:02:03.000001"),
                Arguments.of(Primitive.TIMESTAMP, 0L, "1970-01-01T00:00:00.000000"),
                Arguments.of(Primitive.TIMESTAMP, -1L, "1969-12-31T23:59:59.999999"),
                Arguments.of(Primitive.TIMESTAMP, Long.MIN_VALUE, "-290308-12-21T19:59:05.224192"),
                Arguments.of(Primitive.TIMESTAMP_TZ, Long.MAX_VALUE, "+294247-01-10T04:00:54.775807Z"),
                Arguments.of(
                        Primitive.UUID,
                        UUID.fromString("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"),
                        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
                Arguments.of(new ColumnType.Decimal(10, 2), new BigDecimal("1E+3").setScale(2), "1000.00"),
                Arguments.of(
                        new ColumnType.Array(Primitive.STRING), Arrays.asList("a,b", null, "\\N"), "[a\\,b,\\N,\\\\N]"),
                Arguments.of(new ColumnType.Array(Primitive.STRING), List.of(), "[]"),
                Arguments.of(new ColumnType.Array(Primitive.STRING), List.of("", ""), "[\\e,\\e]"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textIsCanonical(ColumnType type, Object value, String text) {
        assertThat(KeyText.of(type, value)).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textGivesItsValueBack(ColumnType type, Object value, String text) {
        assumeThat(type).isNotInstanceOf(ColumnType.Array.class);
        // Iceberg's least timestamp is outside of what java.time counts in microseconds.
        assumeThat(value).isNotEqualTo(Long.MIN_VALUE);

        assertThat(KeyText.of(type, KeyText.value(type, text))).isEqualTo(text);
    }

    @Test
    void textOfBytesLeavesThemUnread() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2});

        KeyText.of(Primitive.BYTES, bytes);

        assertThat(bytes.remaining()).isEqualTo(2);
    }

    @Test
    void differentKeysHaveDifferentIds() {
        TableId table = new TableId("s", "public", "t");

        assertThat(Stream.of(
                                List.of("a", "b"),
                                List.of("a|b"),
                                List.of("a\\", "b"),
                                List.of("a\\|b"),
                                List.of("a", "", "b"))
                        .map(values -> RowKey.of(table, values).id()))
                .doesNotHaveDuplicates();
    }

    @Test
    void documentIdIsTheKeysOwnUpTo512Bytes() {
        assertThat(key("x".repeat(512)).documentId()).isEqualTo("x".repeat(512));
        assertThat(key("ä".repeat(256)).documentId()).isEqualTo("ä".repeat(256));
    }

    @Test
    void documentIdIsAHashWhereOpenSearchWouldNotTakeTheKey() {
        assertThat(key("x".repeat(513)).documentId()).matches("[0-9a-f]{64}");
        assertThat(key("ä".repeat(257)).documentId()).matches("[0-9a-f]{64}");
        assertThat(key("").documentId()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    private static RowKey key(String id) {
        return new RowKey("s.public.t", id);
    }

    @Test
    void aKeyGivesBackTheTextsThatItWasMadeOf() {
        List<String> texts = List.of("a|b", "", "\\", "\\|", "plain");

        assertThat(RowKey.of("s.p.t", texts).values()).isEqualTo(texts);
    }
}

package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.Scalar;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IcebergValueTest {

    static Stream<Arguments> values() {
        LocalDateTime time = LocalDateTime.of(2024, 2, 29, 13, 5, 0, 123_456_000);
        return Stream.of(
                Arguments.of(Scalar.BOOLEAN, true, "true"),
                Arguments.of(Scalar.INTEGER, 7, "7"),
                Arguments.of(Scalar.INTEGER, Long.MIN_VALUE, "-9223372036854775808"),
                Arguments.of(Scalar.REAL, -0.0f, "-0.0"),
                Arguments.of(Scalar.DOUBLE, Double.NaN, "NaN"),
                Arguments.of(Scalar.NUMERIC, new BigDecimal("1.50"), "1.50"),
                Arguments.of(Scalar.NUMERIC, "0.10", "0.10"),
                Arguments.of(Scalar.BYTES, ByteBuffer.wrap(new byte[] {0, -1, 16}), "AP8Q"),
                Arguments.of(Scalar.DATE, LocalDate.of(1, 1, 1), "0001-01-01"),
                Arguments.of(Scalar.TIME, "12:34:56.789000", "12:34:56.789000"),
                Arguments.of(Scalar.TIMESTAMP, time, "2024-02-29T13:05:00.123456"),
                Arguments.of(
                        Scalar.TIMESTAMP_TZ,
                        OffsetDateTime.of(time.plusHours(2), ZoneOffset.ofHours(2)),
                        "2024-02-29T13:05:00.123456Z"),
                Arguments.of(Scalar.TEXT, "", ""),
                Arguments.of(new Array(Scalar.TEXT), Arrays.asList("a,b", null, ""), "[a\\,b,\\N,,]"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void readsAValue(SourceType type, Object value, String canonical) {
        assertThat(IcebergValue.canonical(type, value)).isEqualTo(canonical);
    }

    @Test
    void valueOfAnotherTypeIsUnexpected() {
        assertThat(IcebergValue.canonical(Scalar.INTEGER, "7")).startsWith("\0unexpected");
        assertThat(IcebergValue.canonical(new Array(Scalar.TEXT), "[]")).startsWith("\0unexpected");
    }
}

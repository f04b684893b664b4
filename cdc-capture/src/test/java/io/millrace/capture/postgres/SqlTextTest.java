package io.millrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.data.VariableScaleDecimal;
import io.debezium.time.Date;
import io.debezium.time.MicroTime;
import io.debezium.time.MicroTimestamp;
import io.debezium.time.Timestamp;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** That PostgreSQL reads the same: UnsentValuesIT. */
class SqlTextTest {
    private static final Schema DATE = Date.schema();
    private static final Schema MOMENT = MicroTimestamp.schema();

    @Test
    void datesOfAnyEra() {
        assertThat(SqlText.of(DATE, 0)).isEqualTo("1970-01-01");
        assertThat(SqlText.of(DATE, -719_162)).isEqualTo("0001-01-01");
        assertThat(SqlText.of(DATE, -719_163)).isEqualTo("0001-12-31 BC");
        assertThat(SqlText.of(DATE, 2_932_897)).isEqualTo("10000-01-01");
        assertThat(SqlText.of(DATE, Integer.MIN_VALUE + 10_956)).isEqualTo("infinity");
        assertThat(SqlText.of(DATE, Integer.MIN_VALUE + 10_957)).isEqualTo("-infinity");
    }

    @Test
    void momentsOfAnyEra() {
        assertThat(SqlText.of(MOMENT, -1L)).isEqualTo("1969-12-31 23:59:59.999999");
        assertThat(SqlText.of(Timestamp.schema(), 1_709_208_000_123L)).isEqualTo("2024-02-29 12:00:00.123");
        assertThat(SqlText.of(MOMENT, -62_135_596_800_000_001L)).isEqualTo("0001-12-31 23:59:59.999999 BC");
        assertThat(SqlText.of(MOMENT, 9_223_372_036_825_200_000L)).isEqualTo("infinity");
        assertThat(SqlText.of(MOMENT, -9_223_372_036_832_400_000L)).isEqualTo("-infinity");
        assertThat(SqlText.of(MicroTime.schema(), 43_200_500_000L)).isEqualTo("12:00:00.500");
        assertThat(SqlText.of(MicroTime.schema(), 86_400_000_000L)).isEqualTo("24:00:00");
    }

    @Test
    void numbersBytesAndArrays() {
        BigDecimal share = new BigDecimal("0.00000001");
        Schema texts = SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build();

        assertThat(SqlText.of(Decimal.schema(8), share)).isEqualTo("0.00000001");
        assertThat(SqlText.of(
                        VariableScaleDecimal.schema(),
                        VariableScaleDecimal.fromLogical(VariableScaleDecimal.schema(), share)))
                .isEqualTo("0.00000001");
        assertThat(SqlText.of(Schema.BYTES_SCHEMA, ByteBuffer.wrap(new byte[] {0, -1})))
                .isEqualTo("\\x00ff");
        assertThat(SqlText.of(texts, Arrays.asList("a \"b\" \\", null, "")))
                .isEqualTo("{\"a \\\"b\\\" \\\\\",NULL,\"\"}");
        assertThat(SqlText.of(Schema.BOOLEAN_SCHEMA, true)).isEqualTo("true");
    }
}

package io.millrace.capture.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BinlogValuesTest {
    private static final Schema WORD =
            SchemaBuilder.string().name("io.debezium.data.Enum").optional().build();
    private static final Schema YEAR =
            SchemaBuilder.int32().name("io.debezium.time.Year").build();
    private static final Schema MAY_BE_NULL = SchemaBuilder.string()
            .name("io.debezium.time.ZonedTimestamp")
            .optional()
            .build();
    private static final Schema NOT_NULL =
            SchemaBuilder.string().name("io.debezium.time.ZonedTimestamp").build();

    @Test
    void wordsOfEnumsLoseTheirBackslashes() {
        assertThat(mended(WORD, "so\\, so")).isEqualTo("so, so");
        assertThat(mended(WORD, "x\\\\\\,y")).isEqualTo("x\\,y");
        assertThat(mended(WORD, "back\\\\slash")).isEqualTo("back\\slash");
        assertThat(mended(WORD, "a\\n")).isEqualTo("a\\n");
        assertThat(mended(WORD, null)).isNull();
        assertThat(mended(Schema.STRING_SCHEMA, "a\\,b")).isEqualTo("a\\,b");
    }

    @Test
    void yearZeroIsZero() {
        assertThat(mended(YEAR, 1900)).isEqualTo(0);
        assertThat(mended(YEAR, 1901)).isEqualTo(1901);
    }

    @Test
    void zeroTimestampIsNullWhereANullMayStand() {
        assertThat(mended(MAY_BE_NULL, "1970-01-01T00:00:00Z")).isNull();
        assertThat(mended(MAY_BE_NULL, "1970-01-01T00:00:00.000000Z")).isNull();
        assertThat(mended(MAY_BE_NULL, "1970-01-01T00:00:01Z")).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(mended(MAY_BE_NULL, "1970-01-01T00:00:00.000001Z")).isEqualTo("1970-01-01T00:00:00.000001Z");
        assertThat(mended(NOT_NULL, "1970-01-01T00:00:00Z")).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void wordsThatWereReadAreAsTheyAre() {
        Struct row = new Struct(SchemaBuilder.struct().field("c", WORD).build()).put("c", "x\\,y");

        BinlogValues.mend(row, false);

        assertThat(row.getString("c")).isEqualTo("x\\,y");
    }

    private static @Nullable Object mended(Schema type, @Nullable Object value) {
        Schema schema = SchemaBuilder.struct().field("c", type).build();
        Struct row = new Struct(schema).put("c", value);
        BinlogValues.mend(row, true);
        return row.get("c");
    }
}

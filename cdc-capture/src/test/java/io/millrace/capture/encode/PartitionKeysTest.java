package io.millrace.capture.encode;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

class PartitionKeysTest {
    private static final Schema KEY = SchemaBuilder.struct()
            .field("a", Schema.INT32_SCHEMA)
            .field("b", Schema.STRING_SCHEMA)
            .build();

    @Test
    void keyIsTheTableAndItsValues() {
        assertThat(PartitionKeys.of(
                        "shop.public.item", new Struct(KEY).put("a", 7).put("b", "x")))
                .isEqualTo("shop.public.item|7|x");
    }

    @Test
    void keyBeyondKinesisLimitIsHashed() {
        String key =
                PartitionKeys.of("shop.public.item", new Struct(KEY).put("a", 7).put("b", "x".repeat(300)));
        assertThat(key).matches("[0-9a-f]{64}");
    }

    @Test
    void changesOfAWholeTableHaveTheTableAsKey() {
        assertThat(PartitionKeys.of("shop.public.item", null)).isEqualTo("shop.public.item");
    }
}
